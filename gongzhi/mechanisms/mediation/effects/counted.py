"""What is counted for a mediator's post: numbers with their kinds of dispute, never a rank."""

from uuid import UUID


def tally(post: str | None, category: str, what: str, times: int = 1) -> dict[str, int]:
    """A figure of the post that mediates; empty where nobody does."""
    return {f"post.{UUID(post).hex}.{what}.{category}": times} if post else {}
