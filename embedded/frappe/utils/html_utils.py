"""Takes everything dangerous out of HTML that users typed: scripts, handlers, foreign schemes."""

import html
from html.parser import HTMLParser

_DROPPED_WITH_CONTENT = {"script", "style", "iframe", "object", "embed", "template", "noscript"}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TAGS = _words(
    "a abbr b blockquote br caption code col colgroup dd del div dl dt em figure figcaption font footer "
    "h1 h2 h3 h4 h5 h6 header hr i img ins kbd li mark ol p pre q s section small span strike strong sub "
    "sup table tbody td tfoot th thead tr tt u ul video source details summary "
)
_ATTRIBUTES = _words(
    "href src alt title class id style width height colspan rowspan align border cellpadding cellspacing "
    "target rel color size start type lang dir "
)
_URLS = {"href", "src"}
_VOID = {"br", "hr", "img", "col", "source"}


class _Cleaner(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self._dropping = 0

    def handle_starttag(self, tag, attrs):
        if tag in _DROPPED_WITH_CONTENT:
            self._dropping += 1
        elif not self._dropping and tag in _TAGS:
            kept = "".join(
                f' {name}="{html.escape(value or "")}"'
                for name, value in attrs
                if (name in _ATTRIBUTES or name.startswith("data-")) and not _dangerous(name, value or "")
            )
            self.out.append(f"<{tag}{kept}>")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag in _DROPPED_WITH_CONTENT:
            self._dropping -= 1

    def handle_endtag(self, tag):
        if tag in _DROPPED_WITH_CONTENT:
            self._dropping = max(0, self._dropping - 1)
        elif not self._dropping and tag in _TAGS and tag not in _VOID:
            self.out.append(f"</{tag}>")

    def handle_data(self, data):
        if not self._dropping:
            self.out.append(data.replace("<", "&lt;").replace(">", "&gt;"))

    def handle_entityref(self, name):
        self.handle_data(f"&{name};")

    def handle_charref(self, name):
        self.handle_data(f"&#{name};")


def _dangerous(name: str, value: str) -> bool:
    squeezed = "".join(value.split()).lower()
    if name in _URLS:
        return squeezed.startswith(("javascript:", "vbscript:", "data:text"))
    return name == "style" and ("expression(" in squeezed or "javascript:" in squeezed)


def sanitize_html(text):
    """The text with harmless HTML only. What is no HTML stays as it is."""
    if not isinstance(text, str) or ("<" not in text and ">" not in text):
        return text
    if not any(character.isalpha() or character in "/!" for character in _after_each(text, "<")):
        return text  # a comparison such as "a < 3", not markup
    cleaner = _Cleaner()
    cleaner.feed(text)
    cleaner.close()
    return "".join(cleaner.out)


def _after_each(text: str, mark: str) -> list[str]:
    return [part[:1] for part in text.split(mark)[1:] if part]


def clean_html(text):
    return sanitize_html(text)
