#!/usr/bin/env python3
"""Side-by-side benchmark of HTTP gateways in front of a fake upstream.

Standard library only; gcc builds fakeup.c and loadgen.c. See README.md for the scenarios and for how to read the tables.
"""
import argparse
import json
import os
import platform
import re
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
TICK = os.sysconf("SC_CLK_TCK")

# Scenarios of the "perf" phase: name -> loadgen arguments.
PERF = {
    "closed2k": "closed --conns 32 --secs 3.5 --warm-ms 500 --body 2048 --timeout 10 --model bench-json-1024",
    "closed200k": "closed --conns 16 --secs 2.5 --warm-ms 300 --body 204800 --timeout 10 --model bench-json-1024",
    "resp64k": "closed --conns 16 --secs 2 --warm-ms 300 --body 2048 --timeout 10 --model bench-json-65536",
    "open200": "open --rate 200 --secs 8 --body 2048 --model bench-json-1024",
    "sse0": "sse --conns 16 --secs 2.5 --warm-ms 300 --model bench-sse-200-140-0",
    "sse100": "sse --conns 100 --ramp-ms 1000 --model bench-sse-200-140-20 --timeout 20",
    "sse1000": "sse --conns 1000 --ramp-ms 1500 --model bench-sse-50-140-100 --timeout 25",
    "sse5000": "sse --conns 5000 --ramp-ms 3000 --model bench-sse-14-140-500 --timeout 30",
}
BURST = {"burst1000": PERF["sse1000"].replace("1500", "0"), "burst5000": PERF["sse5000"].replace("3000", "0")}
# Whole messages, and the chat completions and responses that are made of them: msgN beside chatN and itemsN, closed2k beside
# chat2k and items2k.
MESSAGES = {
    "0": "sse --conns 16 --secs 2.5 --warm-ms 300 --model bench-msg-200-140-0",
    "100": "sse --conns 100 --ramp-ms 1000 --model bench-msg-200-140-20 --timeout 20",
    "1000": "sse --conns 1000 --ramp-ms 1500 --model bench-msg-50-140-100 --timeout 25",
}
CHAT = {"chat2k": PERF["closed2k"] + " --chat", "items2k": PERF["closed2k"] + " --responses"}
for _n, _line in MESSAGES.items():
    CHAT.update({"msg" + _n: _line, "chat" + _n: _line + " --chat", "items" + _n: _line + " --responses"})
# The loads by which other gateways claim speed; README.md says which. Only run where --scenarios names them.
G6 = {f"g6-{form}{suffix}": f"{mode} --conns 10 --total 8000 --body 1024 --timeout 120 --model {model}{option}"
      for form, option in (("messages", ""), ("chat", " --chat"), ("responses", " --responses"))
      for suffix, mode, model in (("", "closed", "bench-json-1024"), ("-stream", "sse", "bench-msg-20-140-0"))}
A2 = {f"a2-{kib}k-{conns}{suffix}": f"{mode} --conns {conns} --secs 3 --body {kib * 1024} --timeout 10 "
                                    f"--model bench-json-{kib * 1024}"
      for kib in (1, 16) for conns in (32, 512) for suffix, mode in (("", "closed --warm-ms 500"), ("-3000", "open --rate 3000"))}
L100 = {"l100": "open --conns 512 --secs 4 --warm-ms 500 --body 204800,307200,409600 --timeout 10 "
                "--model bench-json-1024,bench-msg-40-140-10 --rate "}
L100_MS = 92
DEVELOPERS = 20
CC = {"cc": f"sse --conns {DEVELOPERS * 6} --gang 6 --ramp-ms 3000 --pause-ms 3000 --secs 30 --timeout 20 "
            f"--body {','.join(str(n * 1024) for n in range(90, 401, 31))} --model bench-msg-75-140-50"}
GROUPS = {"burst": BURST, "G6": G6, "A2": A2, "L100": L100, "CC": CC}
SCENARIOS = {**PERF, **CHAT, **{name: line for group in GROUPS.values() for name, line in group.items()}}
GROUPS["page"] = [*(n for n in PERF if n not in ("open200", "sse0")), "g6-messages", "l100", "cc"]  # of performance.md
COLD = (2000, 8000, 30000)  # requests one after the other from the start on
WARM = ["closed --conns 32 --secs {w} --body 2048 --timeout 10 --model bench-json-1024",
        "sse --conns 16 --secs {w3} --model bench-sse-200-140-0",
        "closed --conns 16 --secs {w3} --body 204800 --timeout 10 --model bench-json-65536",
        "sse --conns 100 --ramp-ms 500 --model bench-sse-50-140-20 --timeout 15"]
WARM_CHAT = ["closed --conns 32 --secs {w3} --body 2048 --timeout 10 --model bench-json-1024 --chat",
             "sse --conns 16 --secs {w3} --model bench-msg-200-140-0 --chat",
             "sse --conns 100 --ramp-ms 500 --model bench-msg-50-140-20 --timeout 15 --chat",
             "sse --conns 16 --secs {w3} --model bench-msg-200-140-0 --responses"]
LADDER = (100, 1000, 5000)
FAULTS = ("errors", "bad_status", "timeouts", "unfinished")
MIB = 1024 * 1024


def log(*a):
    print(*a, file=sys.stderr, flush=True)


def end_on_term():
    """A SIGTERM stops the gateways too, as Ctrl-C does."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def build(out):
    for name in ("fakeup", "loadgen"):
        subprocess.run(["gcc", "-O2", "-o", os.path.join(out, name),
                        os.path.join(HERE, name + ".c"), "-lm"], check=True)


def tree(pid):
    """pid and all its descendants."""
    kids = {}
    for d in os.listdir("/proc"):
        if d.isdigit():
            try:
                with open(f"/proc/{d}/stat") as f:
                    s = f.read()
                kids.setdefault(int(s[s.rindex(")") + 2:].split()[1]), []).append(int(d))
            except OSError:
                pass
    todo, seen = [pid], []
    while todo:
        p = todo.pop()
        seen.append(p)
        todo += kids.get(p, [])
    return seen


def cpu_s(pids):
    total = 0
    for p in pids:
        try:
            with open(f"/proc/{p}/stat") as f:
                s = f.read()
            v = s[s.rindex(")") + 2:].split()
            total += int(v[11]) + int(v[12])
        except OSError:
            pass
    return total / TICK


def rss(pids):
    total = 0
    for p in pids:
        try:
            with open(f"/proc/{p}/statm") as f:
                total += int(f.read().split()[1])
        except OSError:
            pass
    return total * os.sysconf("SC_PAGE_SIZE")


class RssSampler(threading.Thread):
    def __init__(self, pids):
        super().__init__(daemon=True)
        self.pids, self.v, self.go = pids, [], True

    def run(self):
        while self.go:
            self.v.append((time.monotonic(), rss(self.pids)))
            time.sleep(0.05)

    def end(self):
        self.go = False
        self.join()
        return self.v


class Gateway:
    def __init__(self, spec, args):
        self.spec, self.args, self.name = spec, args, spec["name"]
        self.proc = None
        self.direct = "cmd" not in spec
        self.port = spec.get("port", args.upstream_port)
        self.pids = []

    def alive(self):
        return self.direct or (self.proc is not None and self.proc.poll() is None)

    def sub(self, s):
        return (s.replace("{port}", str(self.port)).replace("{upstream}", str(self.args.upstream_port))
                 .replace("{work}", self.args.work).replace("{table}", self.args.table_dir))

    def start(self):
        """Starts the process; returns seconds until the first 200."""
        if self.direct:
            return 0.0
        cmd = [self.sub(c) for c in self.spec["cmd"]]
        if self.args.gateway_cpu is not None:
            cmd = ["taskset", "-c", str(self.args.gateway_cpu)] + cmd
        env = dict(os.environ)
        env.update({k: self.sub(v) for k, v in self.spec.get("env", {}).items()})
        self.log = open(os.path.join(self.args.work, self.name + ".log"), "ab")
        t0 = time.monotonic()
        self.proc = subprocess.Popen(cmd, cwd=self.sub(self.spec.get("cwd", "{table}")), env=env,
                                     stdin=subprocess.PIPE if self.spec.get("stdin") else subprocess.DEVNULL,
                                     stdout=self.log, stderr=self.log, start_new_session=True)
        while time.monotonic() - t0 < 60:
            if self.proc.poll() is not None:
                raise RuntimeError(f"{self.name} ended at start with {self.proc.returncode}")
            if self.ok():
                took = time.monotonic() - t0
                self.pids = tree(self.proc.pid)
                return took
            time.sleep(0.005)
        raise RuntimeError(f"{self.name} did not answer within 60 s")

    def ok(self):
        body = b'{"model":"bench-json-400","max_tokens":16,"messages":[{"role":"user","content":"hi"}]}'
        heads = {"content-type": "application/json", "anthropic-version": "2023-06-01"}
        for h in self.spec.get("headers", []):
            k, v = self.sub(h).split(":", 1)
            heads[k] = v.strip()
        try:
            r = urllib.request.Request(f"http://127.0.0.1:{self.port}{self.spec.get('path', '/v1/messages')}",
                                       data=body, headers=heads)
            with urllib.request.urlopen(r, timeout=10) as f:
                return f.status == 200 and b"msg_bench" in f.read()
        except OSError:
            return False

    def stop(self):
        if self.direct or self.proc is None:
            return
        for sig, wait in ((signal.SIGTERM, 8), (signal.SIGKILL, 5)):
            if self.proc.poll() is None:
                for p in tree(self.proc.pid):
                    try:
                        os.kill(p, sig)
                    except OSError:
                        pass
                try:
                    self.proc.wait(wait)
                except subprocess.TimeoutExpired:
                    pass
        self.proc = None
        self.log.close()

    def live_heap(self):
        """Bytes live after a full collection (JVM only)."""
        if not self.spec.get("jvm"):
            return None
        try:
            o = subprocess.run(["jcmd", str(self.proc.pid), "GC.class_histogram"], capture_output=True,
                               text=True, timeout=30).stdout
            return int(re.search(r"^Total\s+\d+\s+(\d+)", o, re.M).group(1))
        except (OSError, AttributeError, subprocess.TimeoutExpired):
            return None

    def load(self, line, on_open=None, headers=None):
        """Runs loadgen; returns its figures plus the gateway's CPU and RSS. Headers take the place of the gateway's own."""
        cmd = [os.path.join(self.args.work, "loadgen")] + line.split()
        if self.args.load_cpu is not None:
            cmd = ["taskset", "-c", str(self.args.load_cpu)] + cmd
        cmd += ["--port", str(self.port)]
        if not {"--chat", "--responses", "--path"} & set(cmd):
            cmd += ["--path", self.spec.get("path", "/v1/messages")]
        for h in self.spec.get("headers", []) if headers is None else headers:
            cmd += ["--header", self.sub(h)]
        pids = [] if self.direct else tree(self.proc.pid)
        before, c0 = rss(pids), cpu_s(pids)
        sampler = RssSampler(pids)
        sampler.start()
        p = subprocess.Popen(cmd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        opened = []

        def watch():
            for ln in p.stderr:
                if ln.startswith("MARK"):
                    opened.append(time.monotonic())
                    if on_open:
                        on_open()
        w = threading.Thread(target=watch, daemon=True)
        w.start()
        out = p.stdout.read()
        end = time.monotonic()
        p.wait()
        w.join(35)
        v = sampler.end()
        try:
            r = json.loads(out)
        except ValueError:
            r = {"errors": -1}
        self.load_end = end
        r["gw_cpu_s"] = round(cpu_s(pids) - c0, 3)
        r["rss_before"], r["rss_peak"] = before, max(x for _, x in v)
        # where not every stream was open at once, or only at the end, the peak is the best there is
        mid = [x for t, x in v if opened and opened[0] + 0.5 <= t <= end - 0.3]
        r["rss_open"] = int(statistics.median(mid)) if mid else r["rss_peak"]
        return r


def stats(port, what="stats"):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/__{what}", timeout=20) as f:
        return json.load(f)


def settle(args, secs=8, since=None):
    """Waits until no stream is open upstream; returns how long that took (since the end of the load)."""
    t0, took = since or time.monotonic(), None
    while took is None and time.monotonic() - t0 < secs:
        s = stats(args.upstream_port)
        if not s["open_streams"]:
            took = time.monotonic() - t0
        else:
            time.sleep(0.01)
    if s["open"] > 600:
        stats(args.upstream_port, "close_idle")
        time.sleep(0.5)
    return took


def record(res, gw, phase, rnd, scenario, data):
    data = dict(data, target=gw.name, phase=phase, round=rnd, scenario=scenario)
    res["runs"].append(data)
    bad = {k: data[k] for k in FAULTS if data.get(k)}
    log(f"  {phase}{rnd} {gw.name:16s} {scenario:12s} " + " ".join(
        f"{k}={data[k]}" for k in ("rps", "events_per_s", "gw_cpu_s") if data.get(k)) + (f"  BAD {bad}" if bad else ""))
    with open(res["file"], "w") as f:
        json.dump(res, f)


def warm(gw, args):
    for line in WARM + WARM_CHAT:
        if gw.alive() and not gw.direct and fits(gw, line):
            gw.load(line.format(w=args.warm, w3=round(args.warm / 3, 1)))
            settle(args)


def ensure(gw, args, res, rnd):
    if gw.alive() and gw.ok():
        return True
    record(res, gw, "perf", rnd, "died", {"errors": 1})
    gw.stop()
    try:
        gw.start()
        warm(gw, args)
        return True
    except RuntimeError as e:
        log("  ", e)
        return False


def fits(gw, line):
    """Whether the gateway translates, and has streams, where a load asks for that."""
    return ((gw.spec.get("chat") or "--chat" not in line and "--responses" not in line)
            and (gw.spec.get("streams", True) or "-sse-" not in line and "-msg-" not in line))


def runs(gw, scenario):
    return (scenario not in gw.spec.get("skip", []) and fits(gw, SCENARIOS[scenario])
            and (scenario not in CHAT or gw.spec.get("chat")))


def planned(wanted):
    names = {n for w in wanted or (*PERF, *CHAT) for n in GROUPS.get(w, [w])}
    return [n for n in SCENARIOS if n in names]


def highest_rate(gw, args):
    """The run at the highest rate whose p99 until the first byte is within the limit, to a tenth."""
    good, most, rate = None, None, 100
    while 5 < rate < 20000 and not (good and most and most / good["rate"] < 1.1):
        r = dict(gw.load(L100["l100"] + str(rate)), rate=rate)
        settle(args, 15)
        if any(r.get(k) for k in FAULTS) or r["ttfb"]["p99"] > L100_MS * 1000:
            most = rate
        else:
            good = r
        rate = rate // 2 if not good else rate * 2 if not most else round((good["rate"] * most) ** 0.5)
    return good or r


def perf(gws, args, res):
    up = []
    for g in gws:
        log("start + warm up", g.name)
        try:
            took = g.start()
            record(res, g, "perf", 0, "up", {"start_s": round(took, 3)})
            warm(g, args)
            up.append(g)
        except RuntimeError as e:
            log("  ", e)
            record(res, g, "perf", 0, "failed", {"errors": 1, "why": str(e)})
    gws = up
    for rnd in range(1, args.rounds + 1):
        plan = planned(args.scenarios)
        # every target runs a scenario before the next scenario starts,
        # in an order that turns from round to round, as that of the scenarios does
        k = (rnd - 1) * 3 % len(gws)
        for name in plan if rnd % 2 else plan[::-1]:
            for g in gws[k:] + gws[:k]:
                if not runs(g, name) or not ensure(g, args, res, rnd):
                    continue
                record(res, g, "perf", rnd, name, highest_rate(g, args) if name == "l100" else g.load(SCENARIOS[name]))
                settle(args)
                time.sleep(0.2)
    for g in gws:
        g.stop()


def cold(gws, args, res):
    for rnd in range(1, args.rounds + 1):
        for g in gws if rnd % 2 else gws[::-1]:
            if g.direct:
                continue
            try:
                took = g.start()
                record(res, g, "cold", rnd, "cold0", {"start_s": round(took, 3), "gw_cpu_s": cpu_s(g.pids)})
                for n in COLD:
                    record(res, g, "cold", rnd, f"cold{n}", g.load(
                        f"closed --conns 8 --total {n} --body 2048 --timeout 120 --model bench-json-1024"))
            except RuntimeError as e:
                record(res, g, "cold", rnd, "failed", {"errors": 1, "why": str(e)})
            finally:
                g.stop()
                settle(args)


def memory(gws, args, res):
    for rnd in range(1, args.mem_rounds + 1):
        for g in gws:
            if g.direct:
                continue
            try:
                mem_one(g, args, res, rnd)
            except (RuntimeError, OSError) as e:
                record(res, g, "mem", rnd, "failed", {"errors": 1, "why": str(e)})
            finally:
                g.stop()
                settle(args)


def mem_one(g, args, res, rnd):
    skip = g.spec.get("skip", [])
    took = g.start()
    time.sleep(2)
    record(res, g, "mem", rnd, "start", {"start_s": round(took, 3), "rss_idle": rss(g.pids),
                                         "threads": threads(g)})
    g.load("closed --conns 8 --total 400 --body 2048 --model bench-json-1024")
    for n in LADDER:
        if f"ladder{n}" in skip:
            continue
        extra = {}

        def at_open():
            time.sleep(2.0)
            extra["live_heap"] = g.live_heap()
            extra["threads"] = threads(g)
        ramp = max(300, int(n * 0.7))
        r = g.load(f"sse --conns {n} --ramp-ms {ramp} --model bench-sse-20-140-500 --timeout 30", at_open)
        record(res, g, "mem", rnd, f"ladder{n}", dict(r, **extra))
        settle(args)
    if "abort" not in skip:
        r = g.load("sse --conns 200 --ramp-ms 200 --model bench-sse-2000-140-20 --abort-ms 1000 --timeout 10")
        took = settle(args, since=g.load_end)
        record(res, g, "mem", rnd, "abort", dict(r, settle_s=took))
        settle(args, 60)
    for name, line in (
            ("up32", "closed --conns 32 --total 32 --body 33554432 --model bench-json-1024 --timeout 60"),
            ("up32slow", "closed --conns 32 --total 32 --body 33554432 --model bench-slow-64 --timeout 60"),
            ("stall32", "stall --conns 32 --stall-ms 3000 --model bench-sse-8000-4000-0 --timeout 40")):
        if name in skip:
            continue
        g.stop()
        settle(args)
        g.start()
        g.load("closed --conns 8 --total 400 --body 2048 --model bench-json-1024")
        time.sleep(0.5)
        r = g.load(line)
        record(res, g, "mem", rnd, name, dict(r, died=not g.alive()))


def threads(g):
    n = 0
    for p in tree(g.proc.pid):
        try:
            n += len(os.listdir(f"/proc/{p}/task"))
        except OSError:
            pass
    return n


# ---------------------------------------------------------------- report

def med(v):
    v = [x for x in v if x is not None]
    return statistics.median(v) if v else None


def fmt(x, d=0, unit=""):
    return "-" if x is None else f"{x:,.{d}f}{unit}"


def over(x, d):
    return None if x is None else x / d


def table(title, head, rows, below=""):
    if not rows:
        return
    print(f"\n### {title}\n")
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for r in rows:
        print("| " + " | ".join(str(x) for x in r) + " |")
    if below:
        print(f"\n{below}")


def report(res, base="nginx"):
    """Prints the tables; returns whether every target started and stayed alive."""
    runs = res["runs"]
    names = []
    for r in runs:
        if r["target"] not in names:
            names.append(r["target"])
    names = [n for n in res.get("order", names) if n in names]

    def get(t, sc):
        return {r["round"]: r for r in runs if r["target"] == t and r["scenario"] == sc}

    def vals(t, sc, f):
        out = []
        for r in get(t, sc).values():
            try:
                out.append(f(r))
            except (KeyError, TypeError, ZeroDivisionError):
                pass
        return out

    def ratio(t, sc, f, ref):
        """Median over rounds of the ratio within one round."""
        a, b, out = get(t, sc), get(ref, sc), []
        for k in a:
            try:
                out.append(f(a[k]) / f(b[k]))
            except (KeyError, TypeError, ZeroDivisionError):
                pass
        return med(out)

    def added(t, sc, what, q):
        a, b, out = get(t, sc), get("direct", sc), []
        for k in a:
            try:
                out.append(a[k][what][q] - b[k][what][q])
            except (KeyError, TypeError):
                pass
        return med(out)

    def pairs(t, sc, other):
        """What both scenarios gave in each round."""
        a, b = get(t, sc), get(t, other)
        return [(a[k], b[k]) for k in a if k in b and all(r["completed"] and r["gw_cpu_s"] for r in (a[k], b[k]))]

    def spread(t, sc, f):
        v = vals(t, sc, f)
        return f"{fmt(med(v))} ({fmt(min(v))}-{fmt(max(v))})" if v else "-"

    def bad(t, sc):
        n = d = 0
        for r in get(t, sc).values():
            n += sum(max(0, r.get(k, 0) or 0) for k in FAULTS)
            d += r.get("started", 0) or 0
        return "" if not n else f" **{100 * n / d if d else 100:.1f}% bad**"

    def cpu(t, sc, f):
        """CPU, and its ratio."""
        return ["-", "-"] if t == "direct" else [fmt(med(vals(t, sc, f)), 1), fmt(ratio(t, sc, f, base), 2)]

    def peak(t, sc):
        return "-" if t == "direct" else fmt(med(vals(t, sc, lambda r: r["rss_peak"] / MIB)))

    def inside(group):
        """What the targets of a table do with a request."""
        there = {}
        for n, what in res.get("inside", {}).items():
            if any(get(n, sc) for sc in group):
                there.setdefault(what, []).append(n)
        return "Inside, all without TLS: " + "; ".join(f"{', '.join(n)}: {what}" for what, n in there.items())

    rps = lambda r: r["rps"]
    us_req = lambda r: r["gw_cpu_s"] * 1e6 / r["completed"]
    for sc, what in (("closed2k", "Closed loop, 2 KiB request, 1 KiB reply, 32 connections"),
                     ("closed200k", "Closed loop, 200 KiB request, 1 KiB reply, 16 connections"),
                     ("resp64k", "Closed loop, 2 KiB request, 64 KiB reply, 16 connections")):
        table(what, ["target", "requests/s (min-max)", f"/{base}", "/direct", "gateway CPU us/request",
                     f"/{base}", "p50 us", "p99 us"],
              [[n, spread(n, sc, rps) + bad(n, sc), fmt(ratio(n, sc, rps, base), 2),
                fmt(ratio(n, sc, rps, "direct"), 2),
                *cpu(n, sc, us_req),
                fmt(med(vals(n, sc, lambda r: r["latency"]["p50"]))),
                fmt(med(vals(n, sc, lambda r: r["latency"]["p99"])))] for n in names if get(n, sc)])
    table("Open loop, 200 requests/s, 2 KiB request: latency added to direct",
          ["target", "p50 us", "added p50", "added p90", "added p99"],
          [[n, fmt(med(vals(n, "open200", lambda r: r["latency"]["p50"]))) + bad(n, "open200")] +
           [fmt(added(n, "open200", "latency", q)) for q in ("p50", "p90", "p99")]
           for n in names if get(n, "open200")])
    cpu_m = lambda r: r["gw_cpu_s"] * 1e6 / r["events"]
    for sc in ("sse100", "sse1000", "sse5000", *BURST):
        table(f"SSE, {sc.strip('bursten')} concurrent streams{', all begun at once' if sc in BURST else ''}"
              f" ({SCENARIOS[sc].split('--model ')[1].split()[0]})",
              ["target", "events", "added us/event p50", "p99", "p99.9", "added TTFE p50", "TTFE p99",
               "gateway CPU s/1M events", f"/{base}"],
              [[n, fmt(med(vals(n, sc, lambda r: r["events"]))) + bad(n, sc)] +
               [fmt(added(n, sc, "event", q)) for q in ("p50", "p99", "p999")] +
               [fmt(added(n, sc, "ttfe", q)) for q in ("p50", "p99")] +
               cpu(n, sc, cpu_m) for n in names if get(n, sc)])
    evs = lambda r: r["events_per_s"]
    table("SSE as fast as possible, 16 streams of 200 events",
          ["target", "events/s (min-max)", f"/{base}", "gateway CPU s/1M events"],
          [[n, spread(n, "sse0", evs) + bad(n, "sse0"), fmt(ratio(n, "sse0", evs, base), 2),
            "-" if n == "direct" else fmt(med(vals(n, "sse0", cpu_m)), 2)] for n in names if get(n, "sse0")])
    kinds = [("closed2k", "chat2k", us_req, rps, "latency")]
    kinds += [("closed2k", "items2k", us_req, rps, "latency")]
    kinds += [("msg" + k, form + k, cpu_m, evs, "event") for form in ("chat", "items") for k in MESSAGES]
    rows = []
    for n in names:
        for message, chat, cost, rate, wait in kinds:
            quotients = [cost(b) / cost(a) for a, b in pairs(n, message, chat)]
            if quotients:
                rows.append(
                    [n, chat + bad(n, chat)] + [fmt(med(vals(n, sc, cost)), 2) for sc in (message, chat)] +
                    [f"{med(quotients):.2f} ({min(quotients):.2f}-{max(quotients):.2f})"] +
                    [fmt(med(vals(n, sc, rate))) for sc in (message, chat)] +
                    [" / ".join(fmt(med(vals(n, sc, lambda r: r[wait][q]))) for q in ("p50", "p99"))
                     for sc in (message, chat)])
    table("Translations beside the messages that they are made of, in one process (a request or an event)",
          ["target", "scenario", "CPU us message", "translated", "ratio (min-max)", "a second message", "translated",
           "us p50 / p99 message", "translated"], rows)
    for title, group in (("G6: whole and streamed, 8,000 requests, 10 connections", G6),
                         ("A2: KiB both ways, connections, requests/s where they are limited", A2)):
        table(title, ["scenario", "target", "requests/s (min-max)", "gateway CPU us/request", f"/{base}", "p50 ms", "p99 ms",
                      "RSS MiB", "first 200 ms"],
              [[sc[3:], n, spread(n, sc, rps) + bad(n, sc), *cpu(n, sc, us_req),
                *(fmt(med(vals(n, sc, lambda r: r["latency"][q] / 1000)), 2) for q in ("p50", "p99")), peak(n, sc),
                fmt(med(vals(n, "up", lambda r: r["start_s"] * 1000)))] for sc in group for n in names if get(n, sc)],
              inside(group))
    table(f"L100: 200, 300 and 400 KiB, half of them streams, p99 until the first byte within {L100_MS} ms",
          ["target", "requests/s", "gateway CPU us/request", f"/{base}", "p50 ms", "p99 ms", "RSS MiB"],
          [[n, fmt(med(vals(n, "l100", lambda r: r["rate"]))) + bad(n, "l100"), *cpu(n, "l100", us_req),
            *(fmt(med(vals(n, "l100", lambda r: r["ttfb"][q] / 1000)), 2) for q in ("p50", "p99")), peak(n, "l100")]
           for n in names if get(n, "l100")], inside(L100))
    hour = lambda r: r["gw_cpu_s"] * 3600 / r["wall_s"] / DEVELOPERS
    table(f"CC: {DEVELOPERS} developers; an hour is extrapolated from 30 s",
          ["target", "requests", "added TTFE p50 ms", "p99 ms", "added ms/event p99", "gateway CPU s/developer-hour", f"/{base}",
           "RSS MiB"],
          [[n, fmt(med(vals(n, "cc", lambda r: r["completed"]))) + bad(n, "cc"),
            *(fmt(over(added(n, "cc", what, q), 1000), 2) for what, q in (("ttfe", "p50"), ("ttfe", "p99"), ("event", "p99"))),
            *cpu(n, "cc", hour), peak(n, "cc")] for n in names if get(n, "cc")], inside(CC))
    first = "asyncproxy" if "asyncproxy" in names else base
    steps = [("cold0", lambda r: r["gw_cpu_s"])] + [(f"cold{n}", us_req) for n in COLD]
    table(f"Cold, CPU; in brackets the ratio to {first}",
          ["target", "first 200 ms", "start s"] + [f"us/request, {'next' if i else 'first'} {n:,}" for i, n in enumerate(COLD)],
          [[n, fmt(med(vals(n, "cold0", lambda r: r["start_s"] * 1000)))] +
           [f"{fmt(med(vals(n, sc, f)), 0 if i else 2)} ({fmt(ratio(n, sc, f, first), 2)})" + bad(n, sc)
            for i, (sc, f) in enumerate(steps)] for n in names if get(n, "cold0")], inside(["cold0"]))
    rows, rows2 = [], []
    for n in names:
        if not get(n, "start"):
            continue
        o = {k: med(vals(n, f"ladder{k}", lambda r: r["rss_open"])) for k in LADDER}
        h = {k: med(vals(n, f"ladder{k}", lambda r: r["live_heap"])) for k in LADDER}
        lo, hi = LADDER[0], LADDER[-1]
        slope = lambda d: None if d[lo] is None or d[hi] is None else (d[hi] - d[lo]) / (hi - lo) / 1024
        rows.append([n, fmt(med(vals(n, "start", lambda r: r["start_s"] * 1000))),
                     fmt(med(vals(n, "start", lambda r: r["rss_idle"] / MIB)), 1)] +
                    [(fmt(o[k] / MIB if o[k] else None) + bad(n, f"ladder{k}")) for k in LADDER] +
                    [fmt(slope(o), 1), fmt(slope(h), 1),
                     fmt(med(vals(n, f"ladder{hi}", lambda r: r["threads"])))])
        grow = lambda sc: fmt(med(vals(n, sc, lambda r: (r["rss_peak"] - r["rss_before"]) / MIB))) + bad(n, sc) + (
            " **died**" if any(r.get("died") for r in get(n, sc).values()) else "")
        ab = [r.get("settle_s") for r in get(n, "abort").values()]
        rows2.append([n, grow("up32"), fmt(med(vals(n, "up32", lambda r: r["wall_s"])), 1),
                      grow("up32slow"), fmt(med(vals(n, "up32slow", lambda r: r["wall_s"])), 1), grow("stall32"),
                      "never (8 s)" if ab and all(x is None for x in ab) else fmt(med([x * 1000 for x in ab if x is not None]))])
    if rows:
        table("Start and memory per open stream (fresh process)",
              ["target", "first 200 ms", "idle RSS MiB"] + [f"RSS MiB @{k}" for k in LADDER] +
              ["RSS KiB/stream", "live heap KiB/stream", f"threads @{LADDER[-1]}"], rows)
        table("Large bodies and slow peers (fresh process; RSS growth in MiB)",
              ["target", "32x32 MiB up", "s", "same, slow upstream", "s", "32x32 MB SSE down, reader stalls",
               "client abort reaches upstream ms"], rows2)
    died = [f"{r['target']} (round {r['round']})" for r in runs if r["scenario"] in ("died", "failed")]
    if died:
        print("\nDied or failed to start: " + ", ".join(died))
    return not died


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--targets", help="JSON table of gateways (src/bench/run writes one)")
    ap.add_argument("--only", help="comma-separated names out of the table")
    ap.add_argument("--out", default="results.json")
    ap.add_argument("--rounds", type=int, default=3, help="rounds of the phases perf and cold")
    ap.add_argument("--mem-rounds", type=int, default=1, help="rounds of the memory phase")
    ap.add_argument("--phases", default="perf,mem", help="of perf, mem and cold")
    ap.add_argument("--scenarios", help=f"comma-separated scenarios of the perf phase, or groups: {', '.join(GROUPS)}")
    ap.add_argument("--warm", type=float, default=9, help="seconds of the main warm-up load")
    ap.add_argument("--upstream-port", type=int, default=9000)
    ap.add_argument("--load-cpu", help="core for load generator and upstream", default="0")
    ap.add_argument("--gateway-cpu", help="core(s) for the gateway", default="1")
    ap.add_argument("--no-pin", action="store_true")
    ap.add_argument("--base", default="nginx", help="target the ratios are against")
    ap.add_argument("--report", help="only print the tables of this results file")
    args = ap.parse_args()
    if args.report:
        with open(args.report) as f:
            sys.exit(0 if report(json.load(f), args.base) else 1)
    if not args.targets:
        ap.error("--targets is needed")
    args.scenarios = args.scenarios.split(",") if args.scenarios else None
    if args.no_pin or (os.cpu_count() or 1) < 2:
        args.load_cpu = args.gateway_cpu = None
    with open(args.targets) as f:
        specs = json.load(f)
    args.table_dir = os.path.dirname(os.path.abspath(args.targets))
    specs = [s for s in specs if not s.get("off")]
    if args.only:
        specs = [s for s in specs if s["name"] in args.only.split(",")]
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    end_on_term()
    args.work = tempfile.mkdtemp(prefix="gwbench-")
    build(args.work)
    up = [os.path.join(args.work, "fakeup"), str(args.upstream_port)]
    if args.load_cpu is not None:
        up = ["taskset", "-c", args.load_cpu] + up
    with socket.socket() as probe:
        if not probe.connect_ex(("127.0.0.1", args.upstream_port)):
            sys.exit(f"port {args.upstream_port} is in use: another benchmark runs")
    upstream = subprocess.Popen(up)
    gws = [Gateway({"name": "direct"}, args)] + [Gateway(s, args) for s in specs]
    res = {"file": os.path.abspath(args.out), "order": [g.name for g in gws], "runs": [],
           "inside": {s["name"]: s["inside"] for s in specs if "inside" in s},
           "when": time.strftime("%Y-%m-%d %H:%M"), "kernel": platform.release(), "cpus": os.cpu_count(),
           "pin": None if args.load_cpu is None else {"load": args.load_cpu, "gateway": args.gateway_cpu}}
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", args.upstream_port), 1).close()
                break
            except OSError:
                time.sleep(0.01)
        if "cold" in args.phases:
            cold(gws, args, res)
        if "mem" in args.phases:
            memory(gws, args, res)
        if "perf" in args.phases:
            perf(gws, args, res)
    finally:
        for g in gws:
            g.stop()
        upstream.kill()
        log("logs of the gateways:", args.work)
    sys.exit(0 if report(res, args.base) else 1)


if __name__ == "__main__":
    main()
