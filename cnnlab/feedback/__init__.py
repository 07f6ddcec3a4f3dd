"""What a wrong answer tells: the mistakes that lead to exactly the number that was given."""
