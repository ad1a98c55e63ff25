"""The node in this process: who gets in, what is answered, and what becomes of each film."""

import gc
import logging
import random
import socket
import ssl
import threading
import time
from io import BytesIO

import pytest

from fracturelens.pacs import node as node_module
from fracturelens.pacs.destinations import NotTakenError, StorePeer, UnreachableError
from fracturelens.pacs.judge import Judge
from fracturelens.pacs.metrics import make_metrics
from fracturelens.pacs.node import Node
from fracturelens.pacs.peers import peer_of
from fracturelens.pacs.receiver import CANNOT_UNDERSTAND, NO_FILM, Door, film_key, open_door
from fracturelens.pacs.spool import Spool
from tests.helpers.dicom_films import marking_engine, study_film
from tests.helpers.films import film
from tests.helpers.missing import need
from tests.helpers.nodes import SECRETS, SENDER, wait_until
from tests.helpers.serving import free_port

need("pynetdicom", "requirements-pacs.txt")

LOOPBACK = (peer_of(f"{SENDER}@127.0.0.1"),)


class Archive:
    """A destination that keeps what it gets; `down` and `refuses` are its troubles."""

    name = "archive"

    def __init__(self):
        self.stored, self.down, self.refuses, self.tries = [], 0, 0, 0

    def send(self, files):
        self.tries += 1
        if self.down:
            self.down -= 1
            raise UnreachableError("archive does not answer")
        if self.refuses:
            self.refuses -= 1
            raise NotTakenError("archive refuses objects of modality SEG")
        self.stored.append(list(files))


@pytest.fixture
def archive():
    return Archive()


@pytest.fixture
def node(tmp_path, archive, monkeypatch):
    """A node with an open door; its threads are not started."""
    monkeypatch.setattr(node_module, "POLL", 0.02)
    monkeypatch.setattr(node_module, "FIRST_PAUSE", 0.02)
    monkeypatch.setattr(node_module, "LONGEST_PAUSE", 0.05)
    made = Node(Spool(tmp_path), Judge(marking_engine()), [archive], make_metrics(), quiet=0.2)
    made.port = free_port()
    digest = made.judge.author.digest
    door = Door("FRACTURELENS", "127.0.0.1", made.port, LOOPBACK)
    server = open_door(door, made.spool, made.metrics, lambda uid: film_key(digest, uid))
    yield made
    server.shutdown()
    made.stop()


def associate(node, title=SENDER, classes=("1.2.840.10008.5.1.4.1.1.1.1",)):
    from pynetdicom import AE

    entity = AE(ae_title=title)
    entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = 60
    entity.add_requested_context("1.2.840.10008.1.1")
    for one in classes:
        entity.add_requested_context(one, "1.2.840.10008.1.2.1")
    return entity.associate("127.0.0.1", node.port, ae_title="FRACTURELENS")


def send(node, *files):
    """The status of each film."""
    from pydicom import dcmread

    association = associate(node)
    assert association.is_established
    try:
        return [association.send_c_store(dcmread(BytesIO(data))).Status for data in files]
    finally:
        association.release()


def small_film(**elements):
    return study_film(pixels=film(), **elements)


def figure(node, name, **labels):
    return node.metrics.registry.get_sample_value(f"fracturelens_{name}", labels) or 0


def test_echo_is_answered(node):
    association = associate(node)
    assert association.send_c_echo().Status == 0
    association.release()


@pytest.mark.parametrize("title", ["XRAY2", "xray1"])
def test_strangers_are_turned_away(node, title):
    association = associate(node, title)
    assert association.is_rejected and not association.is_established
    assert figure(node, "associations_rejected_total") == 1


def test_strangers_by_address_are_turned_away(node, monkeypatch):
    monkeypatch.setattr("fracturelens.pacs.peers.Peer.is_that", lambda *_: False)
    assert associate(node).is_rejected


def test_a_film_is_judged_when_its_study_is_quiet_and_answered_once(node, archive):
    node.start()
    assert send(node, small_film()) == [0]
    wait_until(lambda: archive.stored, 60)
    assert send(node, small_film()) == [0]  # once more
    time.sleep(0.6)
    assert len(archive.stored) == 1 and len(archive.stored[0]) == 5
    assert list(node.spool.outcomes().values()) == ["fracture"]
    assert figure(node, "films_received_total", status="kept") == 1
    assert figure(node, "films_received_total", status="repeated") == 1
    assert figure(node, "films_judged_total", outcome="fracture") == 1
    assert figure(node, "films_sent_total", destination="archive") == 1
    wait_until(lambda: figure(node, "film_seconds_count") == 1, 10)


def test_films_of_one_study_wait_for_each_other(node, archive):
    node.quiet = 1.5
    node.start()
    send(node, small_film())
    time.sleep(1.0)
    send(node, small_film(SOPInstanceUID="1.2.3.4.5.7"))
    time.sleep(1.0)
    assert archive.stored == []
    wait_until(lambda: len(archive.stored) == 2, 60)


def study_reports(archive):
    """The films that each report on a study tells of."""
    from pydicom import dcmread

    found = [dcmread(BytesIO(data)) for files in archive.stored for data in files]
    told = [
        report.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence
        for report in found
        if report.SeriesNumber == 9906
    ]
    return [
        sorted(one.ReferencedSOPInstanceUID for one in series[0].ReferencedSOPSequence)
        for series in told
    ]


def test_a_study_is_reported_on_with_its_last_film_and_anew_with_a_late_one(node, archive):
    uids = [f"1.2.3.4.5.{number}" for number in (6, 7, 8)]
    node.start()
    send(node, *(small_film(SOPInstanceUID=uid) for uid in uids[:2]))
    wait_until(lambda: sum(map(len, archive.stored)) == 11, 60)
    assert study_reports(archive) == [uids[:2]]
    send(node, small_film(SOPInstanceUID=uids[2]))
    wait_until(lambda: sum(map(len, archive.stored)) == 17, 60)
    assert study_reports(archive) == [uids[:2], uids]


@pytest.mark.parametrize(
    ("elements", "status"),
    [
        ({"StudyInstanceUID": None}, NO_FILM),
        ({"NumberOfFrames": "3"}, NO_FILM),
        ({"Rows": None}, None),
    ],
)
def test_what_is_no_film_is_answered_so(node, elements, status):
    (answered,) = send(node, small_film(**elements))
    assert answered == status or (status is None and answered in (0, CANNOT_UNDERSTAND))


def test_without_pixels_it_cannot_be_understood(node):
    from pydicom import dcmread

    dataset = dcmread(BytesIO(small_film()))
    del dataset.PixelData
    buffer = BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    assert send(node, buffer.getvalue()) == [CANNOT_UNDERSTAND]
    assert node.spool.counts() == (0, 0)


def test_a_class_that_is_no_radiograph_is_not_negotiated(node):
    ct = "1.2.840.10008.5.1.4.1.1.2"
    association = associate(node, classes=(ct,))
    accepted = {one.abstract_syntax for one in association.accepted_contexts}
    assert accepted == {"1.2.840.10008.1.1"}
    association.release()


def test_refused_and_broken_films_get_no_results(node, archive):
    broken = small_film(SOPInstanceUID="1.2.3.4.5.8", BitsStored=77)
    chest = small_film(SOPInstanceUID="1.2.3.4.5.9", BodyPartExamined="CHEST")
    node.start()
    assert send(node, broken, chest, small_film()) == [0, 0, 0]
    wait_until(lambda: len(node.spool.outcomes()) == 3, 60)
    assert sorted(node.spool.outcomes().values()) == ["fracture", "refused", "unreadable"]
    wait_until(lambda: sum(map(len, archive.stored)) == 6, 60)  # one of them on the study


def test_results_wait_for_an_archive_that_is_down(node, archive):
    archive.down = 4
    node.start()
    send(node, small_film(), small_film(SOPInstanceUID="1.2.3.4.5.7"))
    wait_until(lambda: len(archive.stored) == 2, 60)
    assert figure(node, "send_failures_total", destination="archive") == 4


def test_what_an_archive_never_takes_does_not_block_the_rest(node, archive):
    archive.refuses = node_module.MOST_REFUSALS
    node.start()
    send(node, small_film(), small_film(SOPInstanceUID="1.2.3.4.5.7"))
    wait_until(lambda: len(node.spool.outcomes()) == 2, 60)
    assert len(archive.stored) == 1


def test_a_film_that_ends_the_process_again_and_again_is_laid_aside(node):
    send(node, small_film())
    time.sleep(0.3)
    ((entry,),) = node.spool.quiet_studies(0.1)
    for _ in range(node_module.MOST_TRIES):
        node.spool.try_again(entry)
    node.judge_quiet_studies()
    assert list(node.spool.outcomes().values()) == ["failed"]
    assert figure(node, "films_judged_total", outcome="failed") == 1


def test_an_error_that_nobody_foresaw_ends_the_node(node, monkeypatch, caplog):
    def fails():
        raise ZeroDivisionError(SECRETS[0])

    monkeypatch.setattr("threading.excepthook", node_module.log_uncaught)
    monkeypatch.setattr(node, "judge_quiet_studies", fails)
    node.start()
    assert node.broken.wait(10)
    wait_until(lambda: "ZeroDivisionError in" in caplog.text, 10)
    assert SECRETS[0] not in caplog.text


def test_the_log_holds_no_patient_data(node, archive, caplog):
    caplog.set_level(logging.DEBUG)
    node_module.hush_libraries()
    patient = {"PatientName": SECRETS[0], "PatientID": SECRETS[1], "PatientBirthDate": "1933-12-31"}
    chest = small_film(SOPInstanceUID="1.2.3.4.5.9", BodyPartExamined="CHEST", **patient)
    archive.down = 1
    node.start()
    send(node, small_film(**patient), chest)
    wait_until(lambda: len(node.spool.outcomes()) == 2, 60)
    ours = "\n".join(one.getMessage() for one in caplog.records if one.name == "fracturelens.pacs")
    assert "fracture in" in ours and "not sent" in ours
    for secret in (*SECRETS, "1933-12-31", "1.2.3.4.5"):
        assert secret not in ours


def test_fuzzed_associations_do_not_stop_it(node, archive):
    random.seed(5)
    node.start()
    request = bytes.fromhex("0100000000cd00010000") + b"FRACTURELENS    XRAY1           "
    for number in range(12):
        noise = random.randbytes(random.randrange(1, 400))
        data = noise if number % 2 else request + bytes(32) + noise
        with socket.create_connection(("127.0.0.1", node.port), timeout=10) as connection:
            connection.sendall(data)
            if number % 3 == 0:
                connection.shutdown(socket.SHUT_WR)
    wait_until(lambda: associated_film_is_kept(node), 120)
    wait_until(lambda: archive.stored, 60)


def associated_film_is_kept(node):
    association = associate(node)
    if not association.is_established:
        return False
    association.release()
    return send(node, small_film()) == [0]


def test_damaged_films_do_not_stop_it(node, archive):
    random.seed(6)
    node.start()
    data = small_film()
    for number in range(8):
        harmed = bytearray(data)
        for _ in range(20):
            harmed[random.randrange(400, len(harmed))] = random.randrange(256)
        path_uid = f"1.2.3.4.5.{100 + number}"
        keyed = bytes(harmed).replace(b"1.2.3.4.5.6", path_uid.encode()[:11])
        node.spool.add(f"k{number}", "1.2.3.4", keyed)
    send(node, data)
    wait_until(lambda: len(node.spool.outcomes()) == 9, 200)
    assert "fracture" in node.spool.outcomes().values()


def test_an_archive_that_hangs_up_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as archive:
        port = archive.getsockname()[1]
        thread = threading.Thread(target=lambda: archive.accept()[0].close())
        thread.start()
        peer = StorePeer("PACS@127.0.0.1", "PACS", "127.0.0.1", port, "ME")
        with pytest.raises(UnreachableError, match="accepts no association"):
            peer.send([small_film()])
        thread.join()


# pynetdicom leaves the socket of a failed handshake to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_tls_on_both_sides(tmp_path, node):
    import shutil
    import subprocess

    if not shutil.which("openssl"):
        pytest.skip("openssl is missing")
    words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext"
    subprocess.run(
        ["openssl", *words.split(), "subjectAltName=IP:127.0.0.1", "-keyout",
         tmp_path / "key.pem", "-out", tmp_path / "node.pem"], check=True, capture_output=True
    )  # fmt: skip
    import argparse

    from fracturelens.pacs.serve import tls_contexts

    files = argparse.Namespace(
        tls_key=tmp_path / "key.pem", tls_certificate=tmp_path / "node.pem",
        tls_ca=tmp_path / "node.pem",
    )  # fmt: skip
    inside, outside = tls_contexts(files)
    port = free_port()
    door = Door("FRACTURELENS", "127.0.0.1", port, LOOPBACK, inside)
    server = open_door(door, node.spool, node.metrics, lambda uid: uid)
    try:
        peer = StorePeer("x", "FRACTURELENS", "127.0.0.1", port, SENDER, outside)
        peer.send([small_film()])
        assert node.spool.counts() == (1, 0)
        with socket.create_connection(("127.0.0.1", port), timeout=30) as plain:
            plain.sendall(b"\x01\x00" + bytes(200))  # an association in the clear
            assert not dicom_answer(plain)
        with socket.create_connection(("127.0.0.1", port)):  # it says nothing
            peer.send([small_film(SOPInstanceUID="1.2.3.4.5.7")])
        assert node.spool.counts() == (2, 0)
        stranger = ssl.create_default_context(cafile=str(tmp_path / "node.pem"))
        stranger.check_hostname = False
        with pytest.raises((ssl.SSLError, ConnectionError)):
            greet(port, stranger)
    finally:
        server.shutdown()
        gc.collect()


def greet(port, context):
    """Shows no certificate of its own; some versions of TLS tell that on reading alone."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as plain:
        with context.wrap_socket(plain) as connection:
            connection.sendall(b"hello")
            if not connection.recv(1):
                raise ConnectionError("the node hung up")


def dicom_answer(connection):
    """Whether the other side answers with a PDU of DICOM, and not with an alert or nothing."""
    try:
        return connection.recv(1)[:1] in (b"\x02", b"\x03", b"\x07")
    except OSError:
        return False
