"""The Attrition chapter: who gets in, who stays, and what is known of those who leave."""
