"""Films in, records and overlays out."""

import threading
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image

from api.films import VERDICT
from fracturelens.batch.files import predict_files
from fracturelens.results import Verdict
from important_variables import DISCLAIMER, UploadLimits, segmenters
from prediction import examine_xray
from tests.helpers.bad_inputs import REFUSED as BAD_FILES
from tests.helpers.bad_inputs import zip_file
from tests.helpers.bright_spots import spotting_engine, write_color, write_picture
from tests.helpers.results import read_records


@pytest.fixture
def films(tmp_path):
    """Names and bytes: a bright film, a dark one, a color picture and no picture."""
    write_picture(tmp_path / "in" / "bright.png", bright=True)
    write_picture(tmp_path / "in" / "dark.png", bright=False)
    write_color(tmp_path / "in" / "color.png")
    (tmp_path / "in" / "text.png").write_text("none")
    return {path.name: path.read_bytes() for path in sorted((tmp_path / "in").iterdir())}


def post(client, films, route="predictions", **query):
    files = [("files", item) for item in films]
    return client.post(f"/v1/{route}", files=files, params=query)


def records(answer):
    assert answer.status_code == 200, answer.text
    return answer.json()["results"]


def problem(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    return answer.json()["detail"]


@pytest.mark.parametrize("options", [{}, {"always_segment": True}, {"accept_any": True}])
def test_records_are_those_of_predict_in_the_order_of_the_files(client, films, tmp_path, options):
    found = records(post(client, films.items(), **options))
    predict_files(sorted((tmp_path / "in").iterdir()), spotting_engine(), tmp_path / "out",
                  **options)  # fmt: skip
    written = read_records(tmp_path / "out")
    assert [record["file"] for record in found] == list(films)
    for record in found:
        one = written[record["file"]]
        del record["made"]["at"]
        assert {**record, "file": one["file"], "pictures": one["pictures"]} == one


def test_the_answer_carries_the_notice(client, films):
    assert post(client, films.items()).json()["notice"] == DISCLAIMER


def test_all_xrays_of_an_archive_are_judged(client, films):
    study = zip_file(a_png=films["bright.png"], b_png=films["dark.png"])
    found = records(post(client, [("study.zip", study)]))
    assert [record["file"] for record in found] == ["study.zip: a.png", "study.zip: b.png"]
    assert [record["verdict"] for record in found] == ["fracture", "no_fracture"]


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_has_a_record_and_takes_no_other_with_it(client, films, name):
    make, words = BAD_FILES[name]
    found = records(post(client, [(name, make()), ("good.png", films["bright.png"])]))
    assert words in found[0]["error"]
    assert found[-1]["verdict"] == "fracture"


def test_the_limit_on_a_file_is_that_of_the_app(serve, films):
    found = records(post(serve(limits=UploadLimits(max_bytes=100)), films.items()))
    assert "are accepted; export the X-ray smaller" in found[0]["error"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("../../etc/passwd.png", "passwd.png"), ("C:\\films\\hand.png", "hand.png"),
     ("a\r\nX: b.png", "a__X_ b.png"), ("<img src=x>.png", "_img src_x_.png"), ("..", "unnamed")],
)  # fmt: skip
def test_names_are_cleaned(client, films, sent, kept):
    boundary = "b"
    disposition = sent.replace("\\", "\\\\").replace("\r\n", "%0D%0A")
    start = f'--{boundary}\r\nContent-Disposition: form-data; name="files"; '
    start += f'filename="{disposition}"\r\n\r\n'
    body = start.encode() + films["dark.png"] + f"\r\n--{boundary}--\r\n".encode()
    kind = {"content-type": f"multipart/form-data; boundary={boundary}"}
    [record] = records(client.post("/v1/predictions", content=body, headers=kind))
    assert record["file"] in (kept, kept.replace("__X_", "_0D_0AX_"))


@pytest.mark.parametrize("network", segmenters())
def test_an_overlay_has_the_size_of_the_film_and_marks(client, films, network):
    answer = post(client, [("a.png", films["bright.png"])], "overlays", network=network)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers[VERDICT] == Verdict.FRACTURE
    drawn = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_COLOR)
    plain = cv2.imdecode(np.frombuffer(films["bright.png"], np.uint8), cv2.IMREAD_COLOR)
    assert drawn.shape == plain.shape and (drawn != plain).any()
    assert Image.open(BytesIO(answer.content)).text["Disclaimer"] == DISCLAIMER


def test_without_marks_the_overlay_is_the_film(client, films):
    answer = post(client, [("a.png", films["dark.png"])], "overlays", network="unet")
    assert answer.headers[VERDICT] == Verdict.NO_FRACTURE
    drawn = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_GRAYSCALE)
    plain = cv2.imdecode(np.frombuffer(films["dark.png"], np.uint8), cv2.IMREAD_GRAYSCALE)
    np.testing.assert_array_equal(drawn, plain)


@pytest.mark.parametrize(
    ("names", "query", "words"),
    [
        (["text.png"], {"network": "unet"}, "cannot be read"),
        (["color.png"], {"network": "unet"}, "color picture"),
        (["dark.png", "bright.png"], {"network": "unet"}, "one film at a time"),
        (["dark.png"], {"network": "resnet"}, "`network` is one of encoder_decoder, unet"),
        (["dark.png"], {}, "query.network: Field required"),
    ],
)
def test_an_overlay_that_cannot_be_drawn_is_told(client, films, names, query, words):
    sent = [(name, films[name]) for name in names]
    assert words in problem(post(client, sent, "overlays", **query), 422)


def test_a_value_does_not_come_back_in_an_error(client, films):
    answer = post(client, films.items(), always_segment="Jane Doe")
    assert "boolean" in problem(answer, 422) and "Jane" not in answer.text


@pytest.mark.parametrize(
    ("content", "kind", "status", "words"),
    [
        (b"film", "image/png", 415, "curl -F"),
        (b"{}", "application/json", 415, "multipart/form-data"),
        (b"", "multipart/form-data", 400, "boundary"),
        (b"garbage", "multipart/form-data; boundary=x", 400, ""),
        (b"--x--\r\n", "multipart/form-data; boundary=x", 422, "at least one film"),
        (b'--x\r\nContent-Disposition: form-data; name="files"\r\n\r\ntext\r\n--x--\r\n',
         "multipart/form-data; boundary=x", 422, "with a file name"),
    ],
)  # fmt: skip
def test_a_body_that_holds_no_films_is_told(client, content, kind, status, words):
    answer = client.post("/v1/predictions", content=content, headers={"content-type": kind})
    assert words in problem(answer, status)


def test_too_many_bytes_are_refused_by_their_length_and_while_they_come(serve, films):
    client = serve(most_bytes=1000)
    assert "are taken in one request" in problem(post(client, films.items()), 413)
    kind = {"content-type": "multipart/form-data; boundary=x"}
    start = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n'

    def endless():
        yield start
        for _ in range(100):
            yield bytes(100)

    problem(client.post("/v1/predictions", content=endless(), headers=kind), 413)


def test_too_many_films_are_refused(serve, films):
    client = serve(most_films=2)
    problem(post(client, [("a.png", films["dark.png"])] * 3), 400)
    study = zip_file(**{f"{n}_png": films["dark.png"] for n in "abc"})
    assert "At most 2 X-rays" in problem(post(client, [("study.zip", study)]), 413)


def test_a_sender_that_never_ends_is_cut_off(serve):
    import anyio

    from api.server import make_server
    from api.settings import ApiSettings

    app = make_server(spotting_engine(), ApiSettings(upload_seconds=0.05))
    sent = []

    async def never():
        await anyio.sleep(10)

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/v1/predictions", "query_string": b"",
        "headers": [(b"host", b"localhost"),
                    (b"content-type", b"multipart/form-data; boundary=x")],
    }  # fmt: skip
    anyio.run(app, scope, never, send)
    assert sent[0]["status"] == 408


def test_a_full_disk_is_told(client, films, monkeypatch):
    async def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("starlette.requests.Request._get_form", full)
    assert "disk" in problem(post(client, films.items()), 507)


def test_beyond_the_queue_requests_are_turned_away_and_none_is_lost(serve, films, monkeypatch):
    gate, inside = threading.Event(), threading.Semaphore(0)

    def wait(*arguments, **options):
        inside.release()
        assert gate.wait(60)
        return examine_xray(*arguments, **options)

    monkeypatch.setattr("api.films.examine_xray", wait)
    film = [("a.png", films["bright.png"])]
    with serve(workers=1, queue=1) as client, ThreadPoolExecutor(3) as pool:
        first = pool.submit(post, client, film)
        assert inside.acquire(timeout=60)
        second = pool.submit(post, client, film)
        while client.get("/v1/health").json()["room"]:
            pass
        turned_away = post(client, film)
        gate.set()
        assert [records(one.result())[0]["verdict"] for one in (first, second)] == ["fracture"] * 2
        assert "Send it again" in problem(turned_away, 429)
        assert turned_away.headers["retry-after"] == "1"
        assert client.get("/v1/health").json()["inside"] == 0
        assert records(post(client, film))


def test_a_mistake_of_ours_is_a_problem_and_tells_nothing(client, films, monkeypatch, caplog):
    def stumble(*_, **__):
        raise KeyError("Jane Doe")

    monkeypatch.setattr("api.films.examine_xray", stumble)
    answer = post(client, films.items())
    assert "its log says where" in problem(answer, 500) and "Jane" not in answer.text
    assert "KeyError in" in caplog.text and "Jane" not in caplog.text
