"""XForms, as pyxform makes them out of an XLSForm, back as its sheets."""

import re
from xml.etree.ElementTree import Element

from surveys.importing.source import FileRefused
from surveys.importing.tables import Sheet

_XF = "{http://www.w3.org/2002/xforms}"
_H = "{http://www.w3.org/1999/xhtml}"
_JR = "{http://openrosa.org/javarosa}"
_CONTROLS = {"input": "", "select1": "select_one", "select": "select_multiple", "rank": "rank",
             "upload": "file", "trigger": "acknowledge", "range": "range"}  # fmt: skip
_RANK = "{http://www.opendatakit.org/xforms}rank"


def sheets_of_xform(root: Element) -> dict[str, Sheet]:
    """Raises FileRefused when this is no XForm."""
    model, body = root.find(f"{_H}head/{_XF}model"), root.find(f"{_H}body")
    if root.tag != f"{_H}html" or model is None or body is None:
        raise FileRefused
    return _Reader(model, body).sheets(root.findtext(f"{_H}head/{_H}title") or "")


class _Reader:
    def __init__(self, model: Element, body: Element) -> None:
        self.body = body
        self.binds = {one.get("nodeset", ""): one for one in model.iterfind(f"{_XF}bind")}
        self.texts: dict[str, dict[str, str]] = {}
        for language in model.iterfind(f"{_XF}itext/{_XF}translation"):
            name = language.get("lang", "")
            for text in language.iterfind(f"{_XF}text"):
                value = next((v for v in text.iterfind(f"{_XF}value") if not v.get("form")), None)
                words = self.words(value) if value is not None else ""
                self.texts.setdefault(text.get("id", ""), {})[name] = words
        self.survey: Sheet = []
        self.choices: Sheet = []
        self.lists: dict[str, str] = {}
        for instance in model.iterfind(f"{_XF}instance"):
            if instance.get("id"):
                self.list_of(instance)

    def list_of(self, instance: Element) -> None:
        name = instance.get("id", "")
        for item in instance.iter(f"{_XF}item"):
            row = {"list_name": name}
            for cell in item:
                tag = cell.tag.removeprefix(_XF)
                if tag == "itextId":
                    row |= self.labels("label", self.texts.get(cell.text or "", {}))
                else:
                    row[tag] = cell.text or ""
            self.choices.append(row)

    @staticmethod
    def words(element: Element) -> str:
        parts = [element.text or ""]
        for one in element:
            if one.get("value"):
                parts.append(f"${{{one.get('value', '').strip().rpartition('/')[2]}}}")
            parts.append(one.tail or "")
        return "".join(parts).strip()

    @staticmethod
    def labels(name: str, texts: dict[str, str]) -> dict[str, str]:
        return {
            (name if language in {"", "default"} else f"{name}::{language}"): text
            for language, text in texts.items()
            if text
        }

    def label(self, control: Element, name: str) -> dict[str, str]:
        found = control.find(f"{_XF}{name}")
        if found is None:
            return {}
        key = re.fullmatch(r"jr:itext\('(.*)'\)", found.get("ref", ""))
        if key:
            return self.labels(name, self.texts.get(key[1], {}))
        words = self.words(found)
        return {name: words} if words else {}

    def sheets(self, title: str) -> dict[str, Sheet]:
        self.walk(self.body)
        shown = {row.get("name") for row in self.survey}
        for place, bind in self.binds.items():
            name = place.rpartition("/")[2]
            is_ours = bind.get(f"{_JR}preload") or name == "instanceID"
            if bind.get("calculate") and name not in shown and not is_ours:
                row = {"type": "calculate", "name": name}
                self.survey.append(row | {"calculation": _plain(bind.get("calculate", ""))})
        return {
            "survey": self.survey,
            "choices": self.choices,
            "settings": [{"form_title": title}],
        }

    def walk(self, parent: Element) -> None:
        for control in parent:
            tag = control.tag.removeprefix(_XF)
            if tag in {"group", "repeat"}:
                self.group(control, tag)
            elif tag in _CONTROLS or control.tag == _RANK:
                self.control(control, "rank" if control.tag == _RANK else tag)

    def group(self, control: Element, tag: str) -> None:
        name = (control.get("ref") or control.get("nodeset") or "").rpartition("/")[2]
        if name or control.find(f"{_XF}label") is not None:
            row = {"type": f"begin {tag}", "name": name, **self.label(control, "label")}
            self.survey.append(row | self.bound(control))
            self.walk(control)
            self.survey.append({"type": f"end {tag}"})
        else:
            self.walk(control)

    def control(self, control: Element, tag: str) -> None:
        name = control.get("ref", "").rpartition("/")[2]
        bind = self.binds.get(control.get("ref", ""))
        kind = _CONTROLS[tag]
        if tag == "input":
            kind = (bind.get("type", "string") if bind is not None else "string").lower()
            kind = "note" if bind is not None and bind.get("readonly") == "true()" else kind
        elif tag == "upload":
            kind = control.get("mediatype", "").partition("/")[0] or "file"
            kind = kind if kind in {"image", "audio", "video"} else "file"
        row = {"name": name, **self.label(control, "label"), **self.label(control, "hint")}
        if kind.startswith(("select", "rank")):
            row["type"] = f"{kind} {self.list_name(control, name, row)}"
        else:
            row["type"] = kind
        if control.get("appearance"):
            row["appearance"] = control.get("appearance", "")
        self.survey.append(row | self.bound(control))

    def list_name(self, control: Element, name: str, row: dict[str, str]) -> str:
        itemset = control.find(f"{_XF}itemset")
        if itemset is not None:
            found = re.match(
                r"(?:randomize\()?instance\('([^']+)'\)[^\[]*(?:\[(.*)\])?",
                itemset.get("nodeset", ""),
            )
            if found and found[2]:
                row["choice_filter"] = _plain(found[2])
            return found[1] if found else ""
        for item in control.iterfind(f"{_XF}item"):
            value = item.findtext(f"{_XF}value") or ""
            self.choices.append({"list_name": name, "name": value, **self.label(item, "label")})
        return name

    def bound(self, control: Element) -> dict[str, str]:
        bind = self.binds.get(control.get("ref", ""))
        if bind is None:
            return {}
        row = {
            name: _plain(bind.get(name, ""))
            for name in ("relevant", "constraint", "required")
            if bind.get(name)
        }
        if message := bind.get(f"{_JR}constraintMsg"):
            row["constraint_message"] = message
        return row


def _plain(expression: str) -> str:
    """Paths of the instance as names: /data/group/q → ${q}."""
    return re.sub(
        r"(?<![\w'\"])(?:/[A-Za-z_][\w-]*)+",
        lambda m: f"${{{m[0].rpartition('/')[2]}}}",
        expression,
    )
