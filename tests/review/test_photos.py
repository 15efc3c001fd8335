"""Photos of squads: what is kept of them, who may add and see them, and what happens to everything that is none."""

from __future__ import annotations

import hashlib
import io
import re
from pathlib import Path

import httpx2
import pytest
from PIL import Image

from pipeline.cases import Action, CaseRole
from pipeline.reconciling import check_evidence, reconcile
from pipeline.records import MOST_PHOTOS
from pipeline.review.photo_files import LONGEST_SIDE_PX, MOST_BYTES, PhotoFault, PhotoRefusedError, make_photo, photo_id
from tests.review.asking import Person, form_token
from tests.review.photos import BLUE, RED, answer, bomb, dispatch, from_phone, heic, scene, transparent_png
from tests.review.street import Street
from tests.review.test_api import client, token_for

CASE, OTHER_CASE = "0000c0ffee", "0001c0ffee"
SECRETS = (b"Secret", b"secret", b"Exif", b"GPS", b"ICC", b"xmp")


def send(who: Person, *photos: tuple[str, bytes], case: str = CASE, accept: str = "application/json", **said: str) -> httpx2.Response:
    form = {"form_token": form_token(who.get("/")), "note": "整改后"} | said
    files = [("photos", (name, data, "image/jpeg")) for name, data in photos]
    return who.client.post(f"/cases/{case}/photos", data=form, files=files, headers={"accept": accept})


def code_of(reply: httpx2.Response) -> tuple[int, str]:
    assert reply.json()["error"]["text"]
    return reply.status_code, reply.json()["error"]["code"]


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def nothing_is_kept(street: Street, case: str = CASE) -> bool:
    files = [path for path in (street.evidence / "photos").rglob("*") if path.is_file()]
    rows = street.records.accounts.list_audit(did="case/photo_added")
    return not files and not rows and not street.records.cases.case(case).photos


def verified(street: Street) -> list[str]:
    """What records verify says of photos; the manifests of these tests are none that it could read."""
    for path in street.evidence.rglob("manifest.json"):
        path.unlink()
    return [line for line in check_evidence(street.records, street.console.settings, "run-1") if "photos" in line]


def is_like(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(found - meant) < 40 for found, meant in zip(pixel, colour, strict=True))


# --- what is made of a photo ------------------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_photo_is_upright_and_carries_nothing_but_its_pixels(orientation: int) -> None:
    data = from_phone(orientation)
    assert all(secret in data for secret in (b"SecretPhone", b"secret words", b"secret profile", b"<secret/>"))
    made = make_photo(data, "a.jpg")
    picture = opened(made.data)
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (640, 480))
    assert (made.width_px, made.height_px) == (640, 480)
    assert is_like(picture.getpixel((320, 100)), RED)
    assert is_like(picture.getpixel((320, 380)), BLUE)
    assert not any(secret in made.data for secret in SECRETS)
    assert len(picture.getexif()) == 0
    assert made.original_sha256 == hashlib.sha256(data).hexdigest()


def test_a_large_photo_becomes_smaller_and_keeps_its_shape() -> None:
    made = make_photo(from_phone(6, upright=scene(3000, 4000)), "a.jpg")
    assert (made.width_px, made.height_px) == (LONGEST_SIDE_PX * 3 // 4, LONGEST_SIDE_PX)
    assert is_like(opened(made.data).getpixel((900, 200)), RED)


def test_what_is_transparent_stands_on_white() -> None:
    picture = opened(make_photo(transparent_png(), "a.png").data)
    assert is_like(picture.getpixel((100, 20)), RED)
    assert is_like(picture.getpixel((100, 80)), (255, 255, 255))


@pytest.mark.parametrize(("kind", "mode"), [("WEBP", "RGB"), ("WEBP", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("PNG", "1"), ("JPEG", "CMYK")])
def test_pictures_of_every_mode_are_taken(kind: str, mode: str) -> None:
    stream = io.BytesIO()
    scene().convert(mode).save(stream, kind)
    assert opened(make_photo(stream.getvalue(), "a").data).size == (640, 480)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", PhotoFault.BROKEN),
        ("这不是照片".encode() * 400, PhotoFault.KIND),
        (b"GIF89a" + bytes(400), PhotoFault.KIND),
        (b"%PDF-1.7" + bytes(400), PhotoFault.KIND),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', PhotoFault.KIND),
        (heic(), PhotoFault.HEIC),
        (from_phone()[:2500], PhotoFault.BROKEN),
        (from_phone()[:-400], PhotoFault.BROKEN),
        (transparent_png()[:-60], PhotoFault.BROKEN),
        (bytes(MOST_BYTES + 1), PhotoFault.BYTES),
    ],
)
def test_what_is_no_whole_photo_is_refused(data: bytes, fault: PhotoFault) -> None:
    with pytest.raises(PhotoRefusedError) as caught:
        make_photo(data, "a.jpg")
    assert caught.value.fault is fault


@pytest.mark.parametrize("side", [8_001, 30_000])
def test_a_small_file_that_would_fill_the_memory_is_refused_unread(side: int) -> None:
    data = bomb(side, side)
    assert len(data) < 1_000_000
    with pytest.raises(PhotoRefusedError) as caught:
        make_photo(data, "a.png")
    assert caught.value.fault is PhotoFault.PIXELS


# --- adding them ------------------------------------------------------------------------------------------------


def test_a_squad_adds_photos_and_all_who_may_see_the_case_see_them(street: Street) -> None:
    dispatch(street, CASE)
    qiu = Person(street, "qiu")
    first, second = from_phone(), from_phone(1)
    reply = send(qiu, ("IMG_1.jpg", first), ("IMG_2.jpg", second))
    assert reply.status_code == 200
    assert "2" in reply.json()["told"]
    kept = street.records.cases.case(CASE).photos
    assert [photo.original_sha256 for photo in kept] == [hashlib.sha256(data).hexdigest() for data in (first, second)]
    assert [photo["id"] for photo in reply.json()["photos"]] == [photo.photo_id for photo in kept]
    for who in ("qiu", "ren", "an", "ou"):
        person = Person(street, who)
        page = person.get(f"/cases/{CASE}").text
        assert "中队照片" in page
        assert "邱队员" in page
        assert "整改后" in page
        for photo in kept:
            assert f"/media/{CASE}/photos/{photo.photo_id}" in page
            shown = person.get(f"/media/{CASE}/photos/{photo.photo_id}")
            assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
            assert hashlib.sha256(shown.content).hexdigest() == photo.sha256
            assert shown.headers["x-content-type-options"] == "nosniff"
            assert "private" in shown.headers["cache-control"]
    small = qiu.get(f"/media/{CASE}/photos/{kept[0].photo_id}?size=small")
    assert opened(small.content).width <= 480
    rows = street.records.accounts.list_audit(did="case/photo_added")
    assert [(row.account, row.subject) for row in rows] == [("qiu", f"violation/{CASE}")] * 2


def test_the_file_lies_in_the_evidence_folder_before_the_row_says_so(street: Street) -> None:
    dispatch(street, CASE)
    send(Person(street, "qiu"), ("a.jpg", from_phone()))
    (photo,) = street.records.cases.case(CASE).photos
    data = (street.evidence / photo.path).read_bytes()
    assert photo.path == f"photos/{CASE}/{photo.photo_id}.jpg"
    assert (hashlib.sha256(data).hexdigest(), len(data)) == (photo.sha256, photo.bytes)
    assert not any(secret in data for secret in SECRETS)
    assert [path.name for path in (street.evidence / photo.path).parent.iterdir()] == [f"{photo.photo_id}.jpg"]


def test_a_form_works_without_scripts(street: Street) -> None:
    dispatch(street, CASE)
    qiu = Person(street, "qiu")
    page = send(qiu, ("a.jpg", from_phone()), accept="text/html")
    assert (page.status_code, page.url.path) == (200, f"/cases/{CASE}")
    assert "/photos/" in page.text
    nothing = _as_browsers_send_an_empty_field(qiu, form_token(page))
    assert nothing.status_code == 422
    assert "没有选择照片" in nothing.text
    broken = send(qiu, ("海报.jpg", b"text"), accept="text/html")
    assert broken.status_code == 422
    assert "海报.jpg" in broken.text


def _as_browsers_send_an_empty_field(who: Person, token: str) -> httpx2.Response:
    body = (
        f'--line\r\ncontent-disposition: form-data; name="form_token"\r\n\r\n{token}\r\n'
        '--line\r\ncontent-disposition: form-data; name="photos"; filename=""\r\ncontent-type: application/octet-stream\r\n\r\n\r\n'
        "--line--\r\n"
    )
    headers = {"content-type": "multipart/form-data; boundary=line"}
    return who.client.post(f"/cases/{CASE}/photos", content=body.encode(), headers=headers)


def test_a_form_that_is_sent_again_adds_nothing(street: Street) -> None:
    dispatch(street, CASE)
    qiu = Person(street, "qiu")
    data = from_phone()
    first = send(qiu, ("a.jpg", data), ("the same.jpg", data))
    street.clock.move(60)
    again = send(qiu, ("b.jpg", data), note="别的说明")
    assert first.json()["photos"] == again.json()["photos"]
    assert len(street.records.accounts.list_audit(did="case/photo_added")) == 1


def test_a_form_of_somebody_elses_or_an_earlier_session_is_refused(street: Street) -> None:
    dispatch(street, CASE)
    qiu = Person(street, "qiu")
    for token in ("", "made elsewhere", form_token(Person(street, "ren").get("/"))):
        assert code_of(send(qiu, ("a.jpg", from_phone()), form_token=token)) == (403, "form")
    token = form_token(qiu.get("/"))
    street.clock.move(13 * 3600)
    files = {"photos": ("a.jpg", from_phone())}
    late = qiu.client.post(f"/cases/{CASE}/photos", data={"form_token": token}, files=files, headers={"accept": "application/json"})
    assert code_of(late) == (401, "expired_session")
    assert nothing_is_kept(street)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("我只是改了名字".encode(), "photo_kind"),
        (heic(), "photo_heic"),
        (from_phone()[:2500], "photo_broken"),
        (bomb(), "photo_pixels"),
        (b"", "photo_broken"),
    ],
)
def test_of_several_of_which_one_is_no_photo_none_is_kept(street: Street, data: bytes, code: str) -> None:
    dispatch(street, CASE)
    assert code_of(send(Person(street, "qiu"), ("a.jpg", from_phone()), ("b.jpg", data))) == (422, code)
    assert nothing_is_kept(street)


def test_what_is_larger_than_a_request_may_be_is_refused_before_anything_of_it_is_kept(street: Street) -> None:
    dispatch(street, CASE)
    qiu = Person(street, "qiu")
    assert send(qiu, ("a.jpg", bytes(20 * 2**20))).status_code == 413
    assert code_of(send(qiu, ("a.jpg", bytes(MOST_BYTES + 1)))) == (422, "photo_bytes")
    assert nothing_is_kept(street)


def test_who_may_not_see_the_case_is_told_of_none(street: Street) -> None:
    dispatch(street, CASE)
    dispatch(street, OTHER_CASE)
    send(Person(street, "qiu"), ("a.jpg", from_phone()))
    (photo,) = street.records.cases.case(CASE).photos
    other = Person(street, "other")
    assert code_of(send(other, ("a.jpg", from_phone(1)))) == (404, "not_found")
    assert other.get(f"/media/{CASE}/photos/{photo.photo_id}").status_code == 404
    assert len(street.records.cases.case(CASE).photos) == 1
    for place in (f"{OTHER_CASE}/photos/{photo.photo_id}", f"{CASE}/photos/nothing", f"nothing/photos/{photo.photo_id}"):
        assert Person(street, "qiu").get(f"/media/{place}").status_code == 404
    assert Person(street).client.get(f"/media/{CASE}/photos/{photo.photo_id}", follow_redirects=False).status_code == 303


@pytest.mark.parametrize("who", ["ren", "an", "ou"])
def test_photos_are_the_squads(street: Street, who: str) -> None:
    dispatch(street, CASE)
    assert code_of(send(Person(street, who), ("a.jpg", from_phone()))) == (409, "role")
    assert nothing_is_kept(street)


def test_only_while_the_squad_has_the_case(street: Street) -> None:
    qiu = Person(street, "qiu")
    street.take(CASE, Action.CONFIRM)
    assert code_of(send(qiu, ("a.jpg", from_phone()))) == (409, "state")
    street.take(CASE, Action.DISPATCH, hours=1, squad="一中队")
    answer(street, CASE)
    assert code_of(send(qiu, ("a.jpg", from_phone()))) == (409, "state")
    assert nothing_is_kept(street)


def test_a_case_takes_so_many(street: Street) -> None:
    dispatch(street, CASE)
    qiu = Person(street, "qiu")
    many = [(f"{number}.png", _dot(number)) for number in range(MOST_PHOTOS + 1)]
    assert code_of(send(qiu, *many)) == (409, "photo_many")
    assert nothing_is_kept(street)
    assert send(qiu, *many[:-1]).status_code == 200
    assert code_of(send(qiu, many[-1])) == (409, "photo_many")
    page = qiu.get(f"/cases/{CASE}").text
    assert "data-pick" not in page
    assert "照片已满" in page


def _dot(number: int) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), (number * 9, 0, 0)).save(stream, "PNG")
    return stream.getvalue()


def test_a_note_is_one_line_and_no_page_of_its_own(street: Street) -> None:
    dispatch(street, CASE)
    qiu = Person(street, "qiu")
    assert send(qiu, ("a.jpg", from_phone()), note="  整改后\n<script>alert(1)</script>\0 ").status_code == 200
    assert code_of(send(qiu, ("b.jpg", from_phone(1)), note="长" * 201)) == (422, "fields")
    page = qiu.get(f"/cases/{CASE}").text
    assert "整改后 &lt;script&gt;" in page
    assert "<script>alert" not in page


# --- the disk ---------------------------------------------------------------------------------------------------


def test_a_disk_that_takes_nothing_is_told_and_nothing_is_recorded(street: Street) -> None:
    dispatch(street, CASE)
    # A file where the folder should be: nobody, not even root, can write below it.
    (street.evidence / "photos").write_bytes(b"")
    reply = send(Person(street, "qiu"), ("a.jpg", from_phone()))
    assert code_of(reply) == (507, "photo_disk")
    (street.evidence / "photos").unlink()
    assert nothing_is_kept(street)


def test_a_disk_that_is_full_leaves_nothing_half_written(street: Street) -> None:
    dispatch(street, CASE)
    folder = street.evidence / "photos" / CASE
    folder.mkdir(parents=True)
    qiu = Person(street, "qiu")
    data = from_phone()
    send(qiu, ("a.jpg", data), case=CASE)
    (photo,) = street.records.cases.case(CASE).photos
    other = make_photo(from_phone(1), "b.jpg")
    # What writes to it is told that there is no room, whoever it is.
    (folder / f"{photo_id(CASE, other)}.jpg.partial").symlink_to("/dev/full")
    assert code_of(send(qiu, ("b.jpg", from_phone(1)))) == (507, "photo_disk")
    assert [path.name for path in folder.iterdir()] == [f"{photo.photo_id}.jpg"]
    assert street.records.cases.case(CASE).photos == (photo,)


def test_a_photo_that_is_missing_on_the_disk_is_told_and_the_item_is_shown(street: Street) -> None:
    dispatch(street, CASE)
    qiu = Person(street, "qiu")
    send(qiu, ("a.jpg", from_phone()), ("b.jpg", from_phone(1)))
    gone, there = street.records.cases.case(CASE).photos
    assert verified(street) == []
    (street.evidence / gone.path).unlink()
    page = qiu.get(f"/cases/{CASE}")
    assert page.status_code == 200
    assert "照片文件在磁盘上缺失" in page.text
    assert there.photo_id in page.text
    assert gone.photo_id not in page.text
    for place in (f"/media/{CASE}/photos/{gone.photo_id}", f"/media/{CASE}/photos/{gone.photo_id}?size=small"):
        assert qiu.get(place).status_code == 410
    assert verified(street) == [f"{street.evidence / gone.path}: recorded, but not there"]


def test_a_photo_that_was_changed_on_the_disk_is_told_by_verify(street: Street) -> None:
    dispatch(street, CASE)
    send(Person(street, "qiu"), ("a.jpg", from_phone()))
    (photo,) = street.records.cases.case(CASE).photos
    (street.evidence / photo.path).write_bytes(from_phone())
    (line,) = verified(street)
    assert re.fullmatch(rf"{re.escape(str(street.evidence / photo.path))}: changed; expected sha256 {photo.sha256}; found sha256 \w+", line)


def test_a_file_that_no_row_vouches_for_is_harmless_and_told_nowhere(street: Street) -> None:
    dispatch(street, CASE)
    stray = street.evidence / "photos" / CASE / "stray.jpg"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(from_phone())
    assert verified(street) == []
    assert not any("stray" in line for line in reconcile(street.records, street.console.settings, street.clock.now))
    assert stray.exists()
    assert "stray" not in Person(street, "qiu").get(f"/cases/{CASE}").text


# --- programs ---------------------------------------------------------------------------------------------------


def test_the_api_tells_of_photos_and_gives_them(street: Street, tmp_path: Path) -> None:
    dispatch(street, CASE)
    send(Person(street, "qiu"), ("a.jpg", from_phone()))
    ren, other = (client(street, token_for(street, name)) for name in ("ren", "other"))
    (told,) = ren.get(f"/api/v1/cases/{CASE}").json()["photos"]
    assert (told["added_by"], told["note"], told["width_px"], told["height_px"]) == ("qiu", "整改后", 640, 480)
    assert told["original_sha256"] == hashlib.sha256(from_phone()).hexdigest()
    assert hashlib.sha256(ren.get(told["url"]).content).hexdigest() == told["sha256"]
    assert other.get(told["url"]).status_code == 404
    assert ren.get(f"/api/v1/cases/{CASE}/photos/nothing").status_code == 404


def test_who_is_a_squad_and_more_answers_as_the_squad(street: Street) -> None:
    street.records.accounts.change("qiu", roles=(CaseRole.SQUAD, CaseRole.ANALYST))
    dispatch(street, CASE)
    assert send(Person(street, "qiu"), ("a.jpg", from_phone())).status_code == 200
