async def test_a_stranger_to_the_api_is_asked_to_sign_in(api):
    answer = await api.get("/v1/nothing")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"
    assert answer.headers["content-language"] == "vi"
