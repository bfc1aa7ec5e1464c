"""Messages really sent: over HTTP and by mail, after quiet hours, again after a failure, once after a crash, never with a secret."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from scoreboard.cases import channels, contacts, sending
from scoreboard.errors import Refused
from scoreboard.metrics import company
from scoreboard.state.database import reading, writing
from scoreboard.state.schema import messages
from scoreboard.state.viewers import EVERYONE
from tests.cases.due_cases import MONDAY, Place, at, made
from tests.cases.receivers import Receiver, http_receiver, mail_receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with http_receiver() as found:
        yield found


@pytest.fixture
def place(database: Engine, tmp_path: Path, receiver: Receiver) -> Place:
    """Lee, who owns what is raised here, is reached by the receiver."""
    found = made(database, tmp_path, "https://board.example.com/")
    found.contact("owner", "Lee", receiver.address)
    return found


def test_a_message_says_what_is_due_to_whom_it_concerns_with_a_link(place: Place, receiver: Receiver) -> None:
    place.raised(owner="Lee", promised="Tuesday noon")
    done = place.round(at("13:00"))
    assert (done.sent, done.failed) == (1, 0)
    assert receiver.received == [("EAST X1 (wrong part): half of its standard is used up",
                                  "Customer: Acme\nOrder: 4711\nPromised: Tuesday noon\nOwner: Lee, not accepted yet\n"
                                  "Since: Mon 02 Nov 2026, 13:00\nhttps://board.example.com/exceptions?branch=EAST&case=EAST%2FX1")]
    [message] = place.messages()
    assert (message.outcome, message.channel, message.sent_at) == ("sent", "json", at("13:00"))


def test_a_message_goes_by_mail(database: Engine, tmp_path: Path) -> None:
    place = made(database, tmp_path)
    with mail_receiver() as mail:
        place.contact("owner", "Lee", mail.address)
        place.raised(owner="Lee")
        assert place.round(at("13:00")).sent == 1
    [(subject, body)] = mail.received
    assert subject == "EAST X1 (wrong part): half of its standard is used up"
    assert "Customer: Acme" in body


def test_a_second_round_sends_nothing_twice(place: Place, receiver: Receiver) -> None:
    place.raised(owner="Lee")
    assert [place.round(at("13:00")).sent for _ in range(3)] == [1, 0, 0]
    assert len(receiver.received) == 1


def test_two_senders_at_once_send_each_message_once(place: Place, receiver: Receiver) -> None:
    for _ in range(12):
        place.raised(owner="Lee")
    senders = [threading.Thread(target=place.round, args=(at("13:00"),)) for _ in range(3)]
    for one in senders:
        one.start()
    for one in senders:
        one.join()
    assert len(receiver.received) == len({title for title, _ in receiver.received}) == 12


def test_in_quiet_hours_a_message_waits_for_their_end(place: Place, receiver: Receiver) -> None:
    place.option("quiet_hours", "12:30-15:00")
    place.raised(owner="Lee")
    done = place.round(at("13:00"))
    assert (done.sent, done.quiet, receiver.received) == (0, 1, [])
    assert place.round(at("14:59")).sent == 0
    assert place.round(at("15:00")).sent == 1


def test_what_is_mission_critical_wakes_people(place: Place, receiver: Receiver) -> None:
    place.option("quiet_hours", "07:00-17:00")
    place.raised(owner="Lee", priority="mission-critical")
    assert place.round(MONDAY).sent == 1


def test_what_came_together_in_quiet_hours_is_one_message(place: Place, receiver: Receiver) -> None:
    place.option("quiet_hours", "12:00-07:00")
    place.raised(owner="Lee")
    place.round(at("13:00"))
    place.round(at("16:00"))
    assert place.round(at("07:00", 3)).sent == 1
    [(title, body)] = receiver.received
    assert title == "EAST X1 (wrong part): four fifths of its standard are used up"
    assert body.count("Before: half of its standard is used up") == 1
    assert [m.outcome for m in place.messages() if m.name == "Lee"] == ["sent", "sent"]


def test_what_is_over_before_quiet_hours_end_is_not_sent(place: Place, receiver: Receiver) -> None:
    place.option("quiet_hours", "12:00-07:00")
    place.option("accept_minutes", "270")
    case = place.raised(owner="Lee")
    place.round(at("12:30"))
    place.done(case, "accepted", at("12:45"))
    place.round(at("07:00", 3))
    assert receiver.received[0][0].endswith("four fifths of its standard are used up")
    assert [(m.step, m.outcome) for m in place.messages() if m.name == "Lee"] == [("accept", "not needed"), ("most", "sent")]


def test_a_failure_is_kept_and_tried_again_with_growing_pauses_five_times(place: Place, receiver: Receiver) -> None:
    receiver.answers = lambda: 500
    case = place.raised(owner="Lee", type="damaged")  # without a standard: nothing else comes due
    place.done(case, "promised", MONDAY, next_update_at=at("13:00"))
    now, tries = at("13:00"), []
    for pause in (*sending.PAUSES, timedelta(days=9)):
        tries.append(place.round(now).failed)
        assert place.round(now + pause - timedelta(seconds=1)).failed == 0
        now += pause
    assert tries == [1, 1, 1, 1, 1]
    [message] = place.messages()
    assert (message.outcome, message.tries, message.trouble) == ("failed", 5, "json could not be reached, or did not take it.")


def test_after_a_failure_the_next_try_may_succeed(place: Place, receiver: Receiver) -> None:
    answers = iter([503, 200])
    receiver.answers = lambda: next(answers)
    place.raised(owner="Lee")
    first = place.round(at("13:00"))
    assert (first.failed, first.again) == (1, 1)
    assert place.round(at("13:02")).sent == 1
    assert [(m.outcome, m.tries, m.trouble) for m in place.messages()] == [("sent", 2, "")]


def test_after_a_failure_the_rest_for_that_person_waits_without_being_tried(place: Place, receiver: Receiver) -> None:
    asked = []
    receiver.answers = lambda: asked.append(1) or 500  # type: ignore[func-returns-value]
    for _ in range(5):
        place.raised(owner="Lee")
    place.round(at("13:00"))
    assert len(asked) == 1


def test_a_message_on_its_way_when_the_program_was_killed_is_sent_again_and_no_more(place: Place, receiver: Receiver) -> None:
    case = place.raised(owner="Lee")
    receiver.answers = lambda: 500
    place.round(at("13:00"))
    receiver.answers = lambda: 200
    with writing(place.engine) as conn:  # what a killed sender leaves: taken, and nothing noted
        parcel = sending.take(conn, company.read(conn, at("13:02")).terms, "", at("13:02"))
    assert parcel and parcel.case_no == case.case_no
    assert place.messages()[0].trouble == sending.CUT_OFF
    assert [place.round(at(clock)).sent for clock in ("13:03", "13:12", "13:13", "15:00")] == [0, 1, 0, 0]


def test_without_an_address_any_more_nothing_is_sent_and_it_is_said(place: Place, receiver: Receiver) -> None:
    place.option("quiet_hours", "12:30-15:00")
    place.raised(owner="Lee")
    place.round(at("13:00"))
    place.contact("owner", "Lee", "")
    place.round(at("15:00"))
    [message] = place.messages()
    assert (message.outcome, message.trouble) == ("nobody to tell", "No address of Lee is known any more.")


def test_no_address_and_no_secret_is_kept_or_printed(place: Place, receiver: Receiver, capfd: pytest.CaptureFixture[str]) -> None:
    receiver.answers = lambda: 500
    place.contact("leader", "Kim", "json://user:s3cret@127.0.0.1:1/hook")
    place.raised(owner="Lee")
    place.round(at("16:00"))
    with reading(place.engine) as conn:
        kept = repr(conn.execute(select(messages)).all())
        shown = repr(contacts.of_branch(conn, EVERYONE, "EAST", at("16:00")))
    printed = "".join(capfd.readouterr())
    for text in (kept, shown, printed, repr(place.messages())):
        assert "s3cret" not in text and "127.0.0.1" not in text


@pytest.mark.parametrize("address", [
    "kim@example.com", "json://ex ample.com", "nonsense://s3cret", "msteams://", "syslog://", "dbus://",
    "json://s3cret@example.com/?template=/etc/hosts", "JSON://example.com/?%74emplate=x"])
def test_an_address_no_message_could_go_to_is_refused_without_repeating_it(place: Place, address: str) -> None:
    with pytest.raises(Refused) as error:
        place.contact("leader", "Kim", address)
    assert "s3cret" not in str(error.value) and "example.com/" not in str(error.value)


@pytest.mark.parametrize(("address", "kind"), [("", ""), ("mailto://a:b@c.d", "mailto"), ("Slack://a/b/c", "slack")])
def test_of_an_address_only_its_kind_is_shown(address: str, kind: str) -> None:
    assert channels.kind_of(address) == kind
