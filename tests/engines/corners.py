"""Small, nasty logs in which every role meets every other: repeated ids, conversations and cases out of order,
blanks, times with offsets, bare dates, clock changes. `run.py` writes them anew for each run; the numbers are
drawn from fixed seeds, so that a difference can be looked at again.
"""
import csv
import os
import random
from datetime import datetime, timedelta

INVENTORY = """schema: 1
organisation: {{ name: Corners, country: IT, timezone: {zone}, as_of: 2026-11-23 }}
segments:
  - {{ id: families, share: 0.6 }}
  - {{ id: shops, share: 0.4 }}
touchpoints:
  - {{ id: billing }}
  - {{ id: new-contract, expected_contacts: 3 }}
teams:
  - {{ id: care, people: 10, contract_hours: 38, hours: "Mo-Fr 08:00-12:30,13:30-18:00; Sa 09:00-13:00; PH off" }}
episodes: {{ window: {window}d{key} }}
channels:
  - {{ id: phone, kind: phone, status: active, team: care, aliases: ["Telefono", "Caffè"], promise: {{ share: 0.8, within: 20s }} }}
  - {{ id: email, kind: email, status: active, team: care, promise: {{ share: 0.9, within: 8h, clock: open }} }}
  - {{ id: post, kind: post, status: active, team: care, promise: {{ share: 0.9, within: 3d }} }}
  - {{ id: chat, kind: web_chat, status: active, team: care }}
  - {{ id: whatsapp, kind: whatsapp, status: active, team: care, promise: {{ share: 0.9, within: 15m, clock: open }} }}
  - {{ id: sms, kind: sms, status: active, team: care }}
  - {{ id: bot, kind: chatbot, status: active }}
  - {{ id: app, kind: mobile_app, status: active }}
usage:
"""

CHANNELS = ["phone", "TELEFONO", "Caffè", "email", "Email ", "post", "chat", "whatsapp", "sms", "bot", "app",
            "Walk in", "walk In", ""]
BLANKS = ["", "", "n/a", " NULL ", "NaN"]


class Log:
    """Values of one log, drawn from small pools so that keys collide."""

    def __init__(self, seed, start, days, zones=("", "Z", "+02:00", "-0500", "+05:30")):
        self.r = random.Random(seed)
        self.start, self.days, self.zones = datetime.fromisoformat(start), days, zones

    def one(self, *values):
        return values[int(self.r.random() * len(values))]

    def sometimes(self, share, value):
        return value if self.r.random() < share else self.one(*BLANKS)

    def written(self, at, dates):
        """A moment in one of the forms of ISO 8601; some are dates without a time of day, some are wrong."""
        roll = self.r.random()
        if roll < dates:
            return at.strftime("%Y-%m-%d")
        if roll < dates + 0.01:
            return self.one("2026-02-30 10:00", "soon", "2026-01-05 24:10", "")
        form = self.one("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")
        text = at.strftime(form)
        if form.endswith("%S"):
            text += self.one("", "", ".5", ".250")
        zone = self.one(*self.zones)
        return text + zone

    def moment(self):
        # Few different minutes: many rows share an instant, and clock changes are met.
        at = self.start + timedelta(days=int(self.r.random() * self.days),
                                    minutes=10 * int(self.r.random() * 144))
        if self.r.random() < 0.06:
            day = self.one((2026, 3, 29), (2025, 10, 26), (2026, 10, 25), (2026, 3, 8), (2026, 4, 5), (2026, 9, 27))
            at = datetime(*day, self.one(1, 2, 2, 3), self.one(0, 10, 30, 50))
        return at

    def later(self, at):
        return at + timedelta(minutes=self.one(-30, 0, 5, 14, 15, 16, 60, 479, 480, 481, 1440, 3000, 4320, 4321, 9000))


def row(log, dates):
    """One row with a value for every role; each log takes the columns it has."""
    at = log.moment()
    # A few customers come so often that they are no single person.
    customer = "c" + str(int(log.r.random() ** 2 * 40))
    number = lambda most: str(int(log.r.random() * most))
    return {
        "when": log.written(at, dates),
        "source": log.one(*CHANNELS) if log.r.random() < 0.3 else log.one("phone", "email", "whatsapp", "sms", "chat"),
        "client": log.sometimes(0.85, customer),
        "topic": log.sometimes(0.7, log.one("bill", "Bill", "move", "straße", "a b", "price")),
        "journey": log.sometimes(0.7, log.one("billing", "Billing", "new-contract", "NEW-CONTRACT", "other")),
        "group": log.sometimes(0.6, log.one("Families", "shops", "nobody")),
        "way": log.sometimes(0.5, log.one("inbound", "Outbound", "customer", "?")),
        "thread": log.sometimes(0.5, "t" + number(200)),
        "id": log.sometimes(0.8, "i" + number(600)),
        "case": log.sometimes(0.8, "k" + number(250)),
        "queue": log.sometimes(0.6, log.one("0", "4", "5", "6", "20", "21", "900", "0:20", "1:00:05", "12.5", "6m", "1h 20 MIN", "45 sec", "x")),
        "talk": log.sometimes(0.6, log.one("60", "60", "1:05", "2:00:00", "300.25", "-5")),
        "outcome": log.sometimes(0.5, log.one("answered", "Missed", "no", "YES", "?")),
        "hangup": log.sometimes(0.4, log.one("yes", "no", "abandoned", "answered", "lost")),
        "reply": log.sometimes(0.5, log.written(log.later(at), dates)),
        "close": log.sometimes(0.4, log.written(log.later(at), dates)),
        "until": log.sometimes(0.5, log.written(log.later(at), dates)),
        "kept": log.sometimes(0.5, log.one("met", "breached", "In tempo", "late", "?")),
        "solved": log.sometimes(0.6, log.one("yes", "no", "Sì", "open", "closed", "maybe")),
        "stars": log.sometimes(0.5, log.one("1", "3", "4", "4.5", "5", "6", "good", "Bad")),
        "nps": log.sometimes(0.5, log.one("0", "6", "7", "9", "10", "11", "010", "-1", "9.0")),
        "price": log.sometimes(0.5, log.one("1.50", "2", "0.5", "12,25", "€ 3.20", "4.10 EUR", "-3", "free")),
        "earned": log.sometimes(0.5, log.one("10", "10.00", "-4.50", "-12,5", "0", "EUR 7.25")),
        "passed": log.sometimes(0.3, log.one("phone", "Telefono", "email", "none", "-", "desk", "0")),
        "again": log.sometimes(0.5, log.one("yes", "no", "1", "0")),
        "seen": log.sometimes(0.5, log.one("yes", "no", "true", "f")),
        "left": log.sometimes(0.3, log.one("yes", "no")),
        "kind": log.one("contact", "contact", "contact", "System", "employee generated", "SYSTEM "),
        "n": log.one("1", "3", "10", "0", "12", "x", "") if log.r.random() < 0.3 else number(20),
    }


def all_rows(log, dates, count):
    """Rows of a log; some share instant and ids with the one before and say other things."""
    last = None
    for _ in range(count):
        new = row(log, dates)
        if last and log.r.random() < 0.1:
            new.update({name: last[name] for name in ("when", "source", "client", "id", "thread", "case")})
        last = new
        yield new


def entry(path, columns, more=""):
    names = ", ".join(f"{role}: {column}" for role, column in columns.items())
    return f"  - path: {path}\n    columns: {{ {names} }}\n{more}"


# By case: time zone, window, how episodes are cut, and the logs (name, seed, rows, from, days, dates, columns, more).
ALL = dict(time="when", channel="source", customer="client", reason="topic", touchpoint="journey", segment="group",
           direction="way", wait="queue", handle="talk", resolved="solved")
TIMES = dict(replied="reply", closed="close")
FLAGS = dict(repeated="again", opened="seen", opted_out="left", nps="nps", satisfaction="stars", transferred_to="passed")
MONEY = dict(cost="price", revenue="earned")
CASES = {
    "conversations": ("Europe/Rome", 7, "", [
        ("a", 1, 1500, "2025-10-20", 40, 0.0, {**ALL, "conversation": "thread", **FLAGS, **MONEY, "answered": "outcome"}, ""),
    ]),
    "conversations-dated": ("Europe/Rome", 3, ", key: customer", [
        ("a", 2, 1500, "2026-03-10", 40, 0.3, {**ALL, **TIMES, "conversation": "thread", "abandoned": "hangup", "due": "until"}, ""),
        ("b", 3, 700, "2026-03-20", 30, 0.1, {**ALL, **MONEY, "conversation": "thread", "on_time": "kept"}, ""),
    ]),
    "ids": ("Europe/Rome", 7, "", [
        ("a", 4, 1200, "2026-03-10", 60, 0.05, {**ALL, **FLAGS, "contact_id": "id", "conversation": "thread", "answered": "outcome"}, ""),
        ("b", 5, 1200, "2026-03-10", 60, 0.05, {**ALL, **TIMES, "contact_id": "id", "due": "until", "on_time": "kept"}, ""),
    ]),
    "cases": ("America/New_York", 7, ", key: customer", [
        ("a", 6, 1500, "2026-02-20", 60, 0.05, {**ALL, **TIMES, **MONEY, "case": "case", "due": "until"}, "    one_row_is: step\n"),
        ("b", 7, 800, "2026-02-20", 60, 0.0, {**ALL, **FLAGS, "contact_id": "id", "case": "case"}, ""),
        ("c", 8, 500, "2026-03-20", 30, 0.0, {**ALL, "conversation": "thread", "on_time": "kept"}, ""),
    ]),
    "due": ("Europe/Rome", 7, ", key: customer-and-reason", [
        ("a", 9, 1500, "2026-03-01", 45, 0.2, {**ALL, **TIMES, "due": "until"}, ""),
        ("b", 10, 800, "2026-10-01", 45, 0.0, {**ALL, "closed": "close", "due": "until", "on_time": "kept", "abandoned": "hangup"}, ""),
    ]),
    "ignored": ("Pacific/Auckland", 7, "", [
        ("a", 11, 1500, "2026-03-01", 60, 0.05, {**ALL, **FLAGS, **MONEY, "on_time": "kept", "answered": "outcome"},
         "    ignore: { kind: [\"system\", \"Employee Generated\"], topic: [\"PRICE\"] }\n    satisfaction_scale: 1..5\n"),
    ]),
    "counts": ("Europe/Rome", 7, ", key: customer", [
        ("a", 12, 900, "2026-03-01", 60, 0.5, {"time": "when", "channel": "source", "touchpoint": "journey", "count": "n",
         "wait": "queue", "handle": "talk", "on_time": "kept", "nps": "nps", **MONEY, "opened": "seen", "opted_out": "left",
         "repeated": "again"}, "    ignore: { kind: [System] }\n"),
        ("b", 13, 900, "2026-03-01", 60, 0.1, {**ALL, **FLAGS, **MONEY, "contact_id": "id"}, ""),
    ]),
}


def write(name, folder):
    """Writes a case into a folder: `inventory.yaml` and one CSV for each of its logs, whose names are returned."""
    zone, window, key, logs = CASES[name]
    os.makedirs(folder)
    text = INVENTORY.format(zone=zone, window=window, key=key)
    for stem, seed, rows, start, days, dates, columns, more in logs:
        text += entry(f"{stem}.csv", columns, more)
        log = Log(seed, start, days)
        names = sorted(set(columns.values()) | ({"kind"} if "ignore" in more else set()))
        with open(os.path.join(folder, f"{stem}.csv"), "w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, names, extrasaction="ignore", lineterminator="\n")
            out.writeheader()
            out.writerows(all_rows(log, dates, rows))
    with open(os.path.join(folder, "inventory.yaml"), "w", encoding="utf-8") as file:
        file.write(text)
    return [stem for stem, *_ in logs]
