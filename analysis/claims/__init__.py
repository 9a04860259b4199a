"""The ledger: every quantitative claim of the debate, checked live and judged by rule."""
