import json

from django.core.management import call_command


def test_a_file_of_vectors_is_evaluated_without_a_database(tmp_path, capsys):
    given, out = tmp_path / "given.json", tmp_path / "out.json"
    vectors = [
        {"kind": "condition", "expression": "{a} != 3", "values": {}, "expected": True},
        {"kind": "condition", "expression": "{a}", "values": {"a": 1}, "expected": True},
        {
            "kind": "expression",
            "expression": "round({a})",
            "values": {"a": "__undef__"},
            "expected": "__NaN__",
        },
        {"kind": "expression", "expression": "age({a})", "values": {}, "expected": 3},
    ]
    given.write_text(json.dumps(vectors))

    call_command("evaluate_logic", str(given), out=out)

    results = json.loads(out.read_text())
    assert [(one["actual"], one["ok"]) for one in results] == [
        (True, True),
        (False, False),
        ("__NaN__", True),
        (None, False),
    ]
    assert results[3]["error"].startswith("There is no function “age”.")
    assert capsys.readouterr().out.splitlines()[-1] == "2 of 4 as expected"
