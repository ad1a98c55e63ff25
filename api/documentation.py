"""The page that documents the interface: drawn on the server, with nothing from elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

STYLE = """
:root { color-scheme: light dark; --line: #d5dcda; --mark: #0b6b67; }
@media (prefers-color-scheme: dark) { :root { --line: #2c3840; --mark: #4cc0b4; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2 { line-height: 1.2; }
section { border-top: 1px solid var(--line); padding: 0.5rem 0 1rem; }
code, pre { font: 0.9em/1.5 ui-monospace, monospace; }
pre { overflow-x: auto; border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.75rem; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; border-bottom: 1px solid var(--line);
         padding: 0.3rem 1rem 0.3rem 0; overflow-wrap: anywhere; }
b, a { color: var(--mark); }
"""
EXAMPLE = (
    "curl -F files=@wrist.png -F files=@study.zip {base}v1/predictions\n"
    "curl -F files=@wrist.png -o marked.png '{base}v1/overlays?network=unet'\n"
    "curl -F files=@wrist.png -o report.pdf {base}v1/reports\n"
    "curl -F files=@wrist.dcm -o results.multipart {base}v1/dicom-results"
)


def documentation_page(schema: Mapping[str, Any], base: str) -> str:
    """The page of an OpenAPI description.

    Args:
        schema: of the whole interface.
        base: address that it is served under, with a slash at its end.
    """
    routes = "".join(_routes(schema))
    example = escape(EXAMPLE.format(base=base))
    title = escape(schema["info"]["title"])
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head><body><h1>{title}</h1>"
        f"<p>{escape(schema['info']['description'])} "
        '<a href="openapi.json">OpenAPI description</a></p>'
        f"<pre>{example}</pre>{routes}</body></html>"
    )


def _routes(schema: Mapping[str, Any]) -> Iterator[str]:
    for path, methods in schema["paths"].items():
        for method, route in methods.items():
            yield (
                f"<section><h2><b>{method.upper()}</b> <code>{escape(path)}</code></h2>"
                f"<p>{escape(route.get('summary', ''))}. {escape(route.get('description', ''))}"
                f"</p>{_parameters(route)}{_answers(route)}</section>"
            )


def _parameters(route: Mapping[str, Any]) -> str:
    rows = [
        (one["name"], one.get("description", ""), "yes" if one.get("required") else "no")
        for one in route.get("parameters", ())
    ]
    for kind, content in route.get("requestBody", {}).get("content", {}).items():
        for name, field in content["schema"].get("properties", {}).items():
            rows.append((name, f"{field.get('description', '')} ({kind})", "yes"))
    return _table(("Parameter", "Meaning", "Needed"), rows)


def _answers(route: Mapping[str, Any]) -> str:
    rows = [
        (status, answer["description"], ", ".join(answer.get("content", {})))
        for status, answer in route["responses"].items()
    ]
    return _table(("Status", "Answer", "Type"), rows)


def _table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    if not rows:
        return ""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in header)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
