"""Checks an exported ledger. Written from shared/domain/fund/LEDGER-FORMAT.md alone, with nothing but Python's own library.

Usage: python3 verify-ledger.py FILE...
Prints for each file "ok FUND SEQ HASH" or "line N: what is wrong"; exit code 0 (all ok), 1 or 2.
"""
import hashlib
import json
import re
import sys
from datetime import datetime

FUND = ["sales", "pending", "available", "reserved", "clawback", "spent", "others"]
CASH = ["settled", "due", "cash", "paid", "brought"]
ACCOUNTS = FUND + CASH
LATE = {"spent", "others", "brought"}
PURPOSES = {"public-service", "environment", "facilities", "hardship"}
ID = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?\Z")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}\Z")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\Z")
HASH = re.compile(r"[0-9a-f]{64}\Z")
MAX = 2**53 - 1

IDS = {"fundId", "groupBuyId", "fairId", "villageId", "coopId", "agreementId", "proposalId"}
NAMES = {"eventId", "saleId"}
REPEATED = ["channel", "groupBuyId", "fairId", "villageId", "coopId", "agreementId", "agreementVersion", "rateBps"]
OPTIONAL = {"groupBuyId", "fairId", "agreementId", "agreementVersion"}
ENTRY_KEYS = (IDS - {"proposalId"}) | NAMES | {
    "v", "seq", "postedAt", "occurredAt", "kind", "channel", "agreementVersion", "amountFen", "rateBps",
    "donorCarryAfter", "postings", "prevHash", "hash",
}
COMMON_KEYS = {
    "v", "fundId", "seq", "postedAt", "occurredAt", "kind", "eventId", "amountFen", "rateBps", "donorCarryAfter",
    "postings", "prevHash", "hash",
}
# kind: keys beside the common ones, beginning of the event's name, account and sign of the sum that is moved
MOVEMENTS = {
    "remittance": ({"agreementId", "coopId"}, "remittance:", "cash", 1),
    "reservation": ({"proposalId", "purpose"}, "reservation:", "reserved", 1),
    "release": ({"proposalId", "purpose"}, "release:", "reserved", -1),
    "disbursement": ({"proposalId", "purpose"}, "disbursement:", "spent", 1),
    "opening": (set(), "opening", "cash", 1),
    "correction": (set(), "correction:", "cash", 1),
    "in-kind": ({"agreementId", "coopId", "purpose"}, "in-kind:", "spent", 1),
}
HEAD_KEYS = {"v", "kind", "fundId", "seq", "hash", "balances", "donors"}
DONOR_KEYS = {"agreementId", "coopId", "accruedE4Fen", "settledE4Fen"}


class Wrong(Exception):
    pass


def need(condition, what):
    if not condition:
        raise Wrong(what)


def is_number(value):
    return type(value) is int and -MAX <= value <= MAX


def is_instant(text):
    if not INSTANT.match(text):
        return False
    try:
        datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ")
    except ValueError:
        return False
    return True


def canonical(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def sha(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def check_values(line):
    for key, value in line.items():
        if key in IDS:
            need(isinstance(value, str) and ID.match(value), key + " is not an id")
        elif key in NAMES:
            need(isinstance(value, str) and NAME.match(value), key + " is not a name")
        elif key in ("postedAt", "occurredAt"):
            need(isinstance(value, str) and is_instant(value), key + " is not an instant")
        elif key in ("hash", "prevHash"):
            need(isinstance(value, str) and HASH.match(value), key + " is not a hash")
        elif key in ("v", "seq", "agreementVersion", "amountFen", "rateBps", "donorCarryAfter"):
            need(is_number(value), key + " is not a whole number")


class Ledger:
    def __init__(self):
        self.fund = None
        self.seq = 0
        self.hash = None
        self.posted_at = ""
        self.balances = {account: 0 for account in ACCOUNTS}
        self.donors = {}
        self.sales = {}
        self.remitted = {}
        self.projects = {}
        self.events = set()
        self.ended = False

    def take(self, text):
        need(not self.ended, "something after the head line")
        try:
            line = json.loads(text)
        except ValueError:
            raise Wrong("not JSON")
        need(isinstance(line, dict), "not an object")
        need(canonical(line) == text, "not in canonical form")
        need(type(line.get("v")) is int and line["v"] == 1, "another version")
        check_values(line)
        need("fundId" in line, "no fundId")
        if self.fund is None:
            self.fund = line["fundId"]
            self.hash = sha(self.fund)
        need(line["fundId"] == self.fund, "another fund")
        if line.get("kind") == "head":
            self.head(line)
        else:
            self.entry(line)

    def entry(self, line):
        moves = line.get("kind") in MOVEMENTS
        if moves:
            need(set(line) == COMMON_KEYS | MOVEMENTS[line["kind"]][0], "keys of this kind")
            need(line.get("purpose", "hardship") in PURPOSES, "another purpose")
            need(line["amountFen"] == 0 and line["rateBps"] == 0, "a movement that changes sales")
        else:
            need(set(line) <= ENTRY_KEYS, "an unknown key")
            need(ENTRY_KEYS - OPTIONAL <= set(line), "a key is missing")
            need(line["channel"] in ("group-buy", "fair"), "another channel")
        need(0 <= line["rateBps"] <= 1000, "no such rate")
        need(line.get("agreementVersion", 1) >= 1, "no such version of an agreement")
        need(line["seq"] == self.seq + 1, "a gap in seq")
        need(line["prevHash"] == self.hash, "the chain is broken")
        need(line["postedAt"] >= self.posted_at, "time runs backwards")
        unsealed = {key: value for key, value in line.items() if key != "hash"}
        need(sha(canonical(unsealed)) == line["hash"], "not the hash of this line")
        need(line["eventId"] not in self.events, "an event twice")
        if moves:
            postings, carry = self.write(self.move(line)), self.carry(line)
        else:
            delta_n, delta_s = self.follow(line)
            postings, carry = self.post(line, delta_n, delta_s)
        need(line["postings"] == postings, "postings should be %s" % postings)
        need(line["donorCarryAfter"] == carry, "the carry should be %d" % carry)
        self.events.add(line["eventId"])
        self.seq = line["seq"]
        self.hash = line["hash"]
        self.posted_at = line["postedAt"]

    def free(self, change):
        x = self.balances["available"] + self.balances["clawback"]
        return {
            "available": max(0, x + change) - max(0, x),
            "clawback": min(0, x + change) - min(0, x),
        }

    def carry(self, line):
        return self.donors.get((line.get("agreementId"), line.get("coopId")), [0, 0])[0] % 10000

    def move(self, line):
        kind = line["kind"]
        _, name, account, sign = MOVEMENTS[kind]
        need(line["eventId"].startswith(name) if name.endswith(":") else line["eventId"] == name, "not the event of this kind")
        need(isinstance(line["postings"], list) and all(isinstance(each, dict) for each in line["postings"]), "postings")
        m = sign * sum(each.get("deltaFen", 0) for each in line["postings"] if each.get("account") == account)
        need(m > 0 or (m < 0 and kind in ("remittance", "correction")), "moves nothing, or the wrong way")
        balances = self.balances
        if kind == "remittance":
            donor = (line["agreementId"], line["coopId"])
            need(donor in self.donors, "a donor that gave nothing")
            need(balances["cash"] + m >= 0, "more than is at the charity")
            self.remitted[donor] = self.remitted.get(donor, 0) + m
            return {"due": -m, "cash": m}
        if kind in ("opening", "correction"):
            need(m > 0 or balances["available"] + balances["clawback"] >= -m, "more than is available")
            need(balances["cash"] + m >= 0, "more than is at the charity")
            return dict(self.free(m), others=-m, cash=m, brought=-m)
        if kind == "in-kind":
            return {"spent": m, "others": -m}
        project = self.projects.setdefault(line["proposalId"], [line["purpose"], 0])
        need(project[0] == line["purpose"], "another purpose than the project has")
        if kind == "reservation":
            need(balances["available"] + balances["clawback"] >= m, "more than is available")
            project[1] += m
            return {"available": -m, "reserved": m}
        need(project[1] >= m, "more than is kept for the project")
        project[1] -= m
        if kind == "release":
            return dict(self.free(m), reserved=-m)
        need(balances["cash"] >= m, "more than is at the charity")
        return {"reserved": -m, "spent": m, "cash": -m, "paid": m}

    def write(self, deltas):
        postings = []
        for account in ACCOUNTS:
            delta = deltas.get(account, 0)
            if delta != 0:
                postings.append({"account": account, "deltaFen": delta})
                self.balances[account] += delta
        return postings

    def follow(self, line):
        sale_id, amount, rate = line["saleId"], line["amountFen"], line["rateBps"]
        if line["kind"] == "sale":
            need(line["eventId"] == "sale:" + sale_id, "not the event of this sale")
            need(sale_id not in self.sales, "a sale twice")
            need(amount >= 0, "a sale below zero")
            need(rate == 0 or "agreementId" in line, "a rate without an agreement")
            self.sales[sale_id] = {"line": line, "reversed": 0, "settled": False}
            return amount * rate, 0
        need(sale_id in self.sales, "its sale was not there before")
        sale = self.sales[sale_id]
        for key in REPEATED:
            need(line.get(key) == sale["line"].get(key), key + " is not its sale's")
        if line["kind"] == "reversal":
            need(line["eventId"].startswith("reversal:"), "not the event of a reversal")
            need(amount < 0, "a reversal that gives nothing back")
            sale["reversed"] -= amount
            need(sale["reversed"] <= sale["line"]["amountFen"], "more reversed than sold")
            return amount * rate, amount * rate if sale["settled"] else 0
        need(line["kind"] == "settlement", "another kind")
        need(line["eventId"] == "settlement:" + sale_id, "not the event of this settlement")
        need(not sale["settled"], "settled twice")
        need(amount == 0, "a settlement that changes net sales")
        sale["settled"] = True
        return 0, (sale["line"]["amountFen"] - sale["reversed"]) * rate

    def post(self, line, delta_n, delta_s):
        if "agreementId" not in line:
            return [], 0
        donor = self.donors.setdefault((line["agreementId"], line["coopId"]), [0, 0])
        before_n, before_s = donor
        donor[0] += delta_n
        donor[1] += delta_s
        p = donor[0] // 10000 - before_n // 10000
        d = donor[1] // 10000 - before_s // 10000
        deltas = dict(self.free(d), sales=-p, pending=p - d, settled=-d, due=d)
        return self.write(deltas), donor[0] % 10000

    def head(self, line):
        need(set(line) == HEAD_KEYS, "keys of the head line")
        need(line["seq"] == self.seq, "seq of the head line should be %d" % self.seq)
        need(line["hash"] == self.hash, "hash of the head line is not the last entry's")
        balances = {account: fen for account, fen in self.balances.items() if fen != 0 or account not in LATE}
        need(line["balances"] == balances, "balances should be %s" % balances)
        need(all(type(value) is int for value in line["balances"].values()), "a balance is not a whole number")
        donors = [
            dict(
                {"agreementId": agreement, "coopId": coop, "accruedE4Fen": n, "settledE4Fen": s},
                **({"remittedFen": self.remitted[agreement, coop]} if self.remitted.get((agreement, coop)) else {})
            )
            for (agreement, coop), (n, s) in sorted(self.donors.items())
        ]
        need(line["donors"] == donors, "donors should be %s" % donors)
        self.ended = True


def verify(path):
    ledger = Ledger()
    number = 0
    try:
        with open(path, "rb") as file:
            for raw in file:
                number += 1
                try:
                    text = raw.removesuffix(b"\n").decode("utf-8")
                except ValueError:
                    raise Wrong("not UTF-8")
                ledger.take(text)
        need(ledger.ended, "no head line")
    except Wrong as wrong:
        print("line %d: %s" % (number, wrong))
        return False
    print("ok %s %d %s" % (ledger.fund, ledger.seq, ledger.hash))
    return True


def main():
    if len(sys.argv) < 2:
        sys.stderr.write(__doc__)
        return 2
    return 0 if all([verify(path) for path in sys.argv[1:]]) else 1


if __name__ == "__main__":
    sys.exit(main())
