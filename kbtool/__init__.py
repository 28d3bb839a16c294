"""kbtool: a knowledge base for support teams, as Markdown in git."""
