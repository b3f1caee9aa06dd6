def test_programs_read_and_change_the_words(admin_api, api):
    assert api.get("text-wording/").status_code == 403
    refused = admin_api.patch("text-wording/", {"synonyms": "屏幕"})
    assert "synonyms" in refused.json()["errors"]

    changed = admin_api.patch("text-wording/", {"synonyms": "屏幕 = 荧幕"}).json()

    assert changed == {"stop_words": "", "synonyms": "屏幕 = 荧幕", "own_words": ""}
    assert admin_api.get("text-wording/").json() == changed
