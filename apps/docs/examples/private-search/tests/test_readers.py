"""What counts as a passage in each kind of file."""

from __future__ import annotations

from private_search import comments, markdown
from private_search.block import Block

PAGE = """\
# Title

A *first* paragraph
on [two](page.md) lines.

- an `item`
- another

```sh
npm test
```

## Part

| name | meaning |
| --- | --- |
| `a` | the first |

### Deep

last
"""


def test_paragraphs_items_and_rows_are_blocks_and_code_is_not() -> None:
    assert list(markdown.blocks(PAGE)) == [
        Block("A first paragraph on two lines.", 3, "Title"),
        Block("an item", 6, "Title"),
        Block("another", 7, "Title"),
        Block("name: meaning", 15, "Title / Part"),
        Block("a: the first", 17, "Title / Part"),
        Block("last", 21, "Title / Part / Deep"),
    ]


def test_a_rust_comment_belongs_to_the_item_below_it() -> None:
    link = "[`other`](crate::other)"
    first = f"//! The module.\n\n/// First, see {link}.\n///\n/// ```\n/// code\n/// ```\n"
    source = first + "/// Last.\n#[must_use]\npub fn name() {}\n"
    assert list(comments.rust(source)) == [
        Block("The module.", 1, ""),
        Block("First, see other.", 3, "name"),
        Block("Last.", 8, "name"),
    ]


def test_docstrings_are_blocks_with_the_name_of_what_they_document() -> None:
    source = '"""The module."""\n\nclass A:\n    """A class.\n\n    More.\n    """\n'
    assert list(comments.python(source)) == [
        Block("The module.", 1, ""),
        Block("A class.", 4, "A"),
        Block("More.", 6, "A"),
    ]
