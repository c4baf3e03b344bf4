"""The gateways that the benchmark compares, as entries of bench.py's table, and what must be built before they start."""
import contextlib
import functools
import glob
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.join(ROOT, "target", "bench")
TOKEN = "bench-access-token-0001"
KEY = "bench-managed-key-0001"
PROMPT = "You work for Example Corp."
MODELS = "bench-*=*"  # chat completions may ask for the upstream's markers
HEADERS = [f"x-api-key: {TOKEN}"]

# What src/site/markdown/performance.md recommends for one core, given to every JVM alike.
FLAGS = ["-Xms128m", "-Xmn32m", "-XX:InlineSmallCode=1200"]
MANY = ["sse5000", "burst5000", "ladder5000"]  # scenarios of 5,000 streams
INSIDE = "JSON, access token, managed key, prompt text, usage, cost and metrics"


def fail(why):
    print(why, file=sys.stderr)
    sys.exit(1)


def need(tool, why):
    if not shutil.which(tool):
        fail(f"{tool} is missing: {why}")


def java():
    home = os.environ.get("JAVA_HOME")
    return os.path.join(home, "bin", "java") if home else "java"


def war(path):
    path = os.path.abspath(path or os.path.join(ROOT, "target", "warder.war"))
    if not os.path.isfile(path):
        fail(f"{path} is missing: run mvn package first, or name another by --war")
    return path


@functools.cache
def maven(*args, pom="pom.xml"):
    """Runs the peers' pom, first with what is there and then with what Maven Central has."""
    need("mvn", "it fetches and builds the peers")
    cmd = ["mvn", "-q", "-B", "-f", os.path.join(HERE, pom), *args]
    if subprocess.run(cmd + ["-o"], capture_output=True).returncode and subprocess.run(cmd).returncode:
        fail("the peers could not be built")


def warder(path, heap="512m", more=()):
    return {"name": "warder", "port": 9082, "jvm": True, "chat": True, "headers": HEADERS, "inside": INSIDE,
            "env": {"BENCH_TOKEN": TOKEN, "BENCH_KEY": KEY},
            "cmd": [java(), f"-Xmx{heap}", *FLAGS, "-jar", path, "--port={port}",
                    "--upstream.url=http://127.0.0.1:{upstream}", "--clients.token=env:BENCH_TOKEN",
                    "--upstream.credentials=primary=env:BENCH_KEY", f"--prompt.text={PROMPT}",
                    f"--openai.models={MODELS}", *more]}


def standalone(path, work):
    """By java -jar with nothing but a heap, and with one compiler; extracted: without the cache of classes, with it, and warmed up."""
    entry = warder(path)
    options = entry["cmd"][entry["cmd"].index(path) + 1:]
    folder = os.path.join(work, "extracted")
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([java(), "-jar", path, "extract", folder], check=True, stdout=subprocess.DEVNULL)
    script = os.path.join(folder, "warder.sh")
    subprocess.run([script, "train"], check=True)
    ways = (("warder-plain", [java(), "-Xmx512m", "-jar", path], {}),
            ("warder-c1", [java(), "-Xmx512m", "-XX:TieredStopAtLevel=1", "-jar", path], {}),
            ("warder-sh", [script], {"WARDER_CACHE": ""}),
            ("warder-cache", [script], {}),
            ("warder-warm", [script, "--warm"], {}))
    return [{**entry, "name": name, "port": 9086 + i, "env": {**entry["env"], **env}, "cmd": [*command, *options]}
            for i, (name, command, env) in enumerate(ways)]


@contextlib.contextmanager
def postgres(core, port=9432):
    """A throw-away PostgreSQL server with its default settings, on the core of the load; its JDBC URL."""
    debian = glob.glob("/usr/lib/postgresql/*/bin")
    initdb = shutil.which("initdb", path=os.pathsep.join([os.environ["PATH"], *debian]))
    if not initdb:
        fail("initdb is missing: install PostgreSQL, or leave --postgres out")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = tempfile.mkdtemp(prefix="warder-postgres-")
    who = {"cwd": folder}
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        who.update(user="postgres", group="postgres", extra_groups=[])
    data = os.path.join(folder, "data")
    subprocess.run([initdb, "-D", data, "-U", "postgres", "-A", "trust"], check=True, stdout=subprocess.DEVNULL, **who)
    server = subprocess.Popen([*(["taskset", "-c", core] if core else []), os.path.join(os.path.dirname(initdb), "postgres"),
                               "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", ""],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **who)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield f"jdbc:postgresql://127.0.0.1:{port}/postgres"
    finally:
        server.send_signal(signal.SIGINT)  # ends its connections too
        server.wait()
        shutil.rmtree(folder)


def warder_postgres(path, work, url):
    """Warder with the ledger, and with budgets of the client, its team and the organization, none of which is ever spent."""
    budgets = [{"amount": "100000000", "period": "month"}]
    policy = os.path.join(work, "policy.json")
    with open(policy, "w") as f:
        json.dump({"version": 1, "organization": {"budgets": budgets}, "teams": [{"name": "everybody", "budgets": budgets}],
                   "clients": [{"name": "bench", "kind": "service", "token_names": ["shared"], "teams": ["everybody"],
                                "budgets": budgets}]}, f)
    more = [f"--database.url={url}", "--database.user=postgres", "--data.dir={work}/data", f"--policy.file={policy}"]
    return {**warder(path, more=more), "name": "warder-postgres", "port": 9092,
            "inside": INSIDE + ", ledger and three budgets in PostgreSQL"}


def tomcat_home():
    """CATALINA_HOME, else a Tomcat that Maven unpacks."""
    home = os.environ.get("CATALINA_HOME")
    if home:
        return os.path.abspath(home)
    if not tomcat_unpacked():
        maven("-Ptomcat", "process-classes")
    return tomcat_unpacked()[-1]


def tomcat_unpacked():
    return sorted(glob.glob(os.path.join(BUILD, "tomcat", "apache-tomcat-*")))


def tomcat_base(path, base, settings):
    """A fresh CATALINA_BASE: the repository's conf/tomcat/warder.xml as the root, and the settings that it leaves out."""
    shutil.rmtree(base, ignore_errors=True)
    conf = os.path.join(base, "conf")
    for folder in (os.path.join(conf, "Catalina", "localhost"), *(os.path.join(base, n) for n in ("temp", "webapps"))):
        os.makedirs(folder)
    shutil.copy(os.path.join(tomcat_home(), "conf", "web.xml"), conf)
    for name in ("server.xml", "logging.properties"):
        shutil.copy(os.path.join(HERE, "tomcat", name), conf)
    with open(os.path.join(ROOT, "conf", "tomcat", "warder.xml")) as f:
        text, found = re.subn(r"<Context\b", f'<Context docBase="{path}"', f.read(), count=1)
    if not found:
        fail("conf/tomcat/warder.xml has no <Context>")
    entries = "".join(f'  <Environment name="warder/{k}" type="java.lang.String" override="false" value="{v}"/>\n'
                      for k, v in settings.items())
    with open(os.path.join(conf, "Catalina", "localhost", "ROOT.xml"), "w") as f:
        f.write(text.replace("</Context>", entries + "</Context>"))


def warder_tomcat(path, base, heap="512m", settings=None):
    # The connector's own buffers for 5,000 connections do not fit into 512 MiB, and a failed round spoils those after it.
    skip = MANY if heap == "512m" else []
    tomcat_base(path, base, {"prompt.text": PROMPT, "openai.models": MODELS, **(settings or {})})
    source = "org.apache.tomcat.util.digester"
    return {"name": "warder-tomcat", "port": 9083, "jvm": True, "chat": True, "headers": HEADERS, "skip": skip, "inside": INSIDE,
            "env": {"CATALINA_BASE": base, "WARDER_UPSTREAM_URL": "http://127.0.0.1:{upstream}",
                    "WARDER_CLIENTS_TOKEN": TOKEN, "WARDER_UPSTREAM_KEY": KEY,
                    "CATALINA_OPTS": f"-Xmx{heap} {' '.join(FLAGS)} -Dbench.port={{port}} "
                                     f"-D{source}.PROPERTY_SOURCE={source}.EnvironmentPropertySource"},
            "cmd": ["sh", os.path.join(tomcat_home(), "bin", "catalina.sh"), "run"]}


def nginx(work):
    shutil.copy(os.path.join(HERE, "nginx.conf"), work)
    return {"name": "nginx", "port": 9081, "inside": "nothing", "cmd": ["nginx", "-p", "{work}", "-c", "{table}/nginx.conf"]}


def haproxy(work):
    shutil.copy(os.path.join(HERE, "haproxy.cfg"), work)
    return {"name": "haproxy", "port": 9093, "inside": "nothing", "cmd": ["haproxy", "-db", "-f", "{table}/haproxy.cfg"]}


def jvm(name, port, folder, main, *args, skip=()):
    """A gateway of other people on the JVM, built into that folder."""
    path = f"{os.path.join(folder, 'classes')}:{os.path.join(folder, 'lib', '*')}"
    return {"name": name, "port": port, "jvm": True, "skip": skip, "inside": "nothing",
            "cmd": [java(), "-Xmx512m", *FLAGS, "-cp", path, f"dev.warder.bench.{main}", *args]}


def asyncproxy(work):
    maven("package")
    return jvm("asyncproxy", 9084, BUILD, "Peer", "async", "{port}", "http://127.0.0.1:{upstream}")


def smiley(work):
    maven("package")
    # One blocked thread a stream: with 5,000 it measures its thread pool's queue only.
    return jvm("smiley", 9085, BUILD, "Peer", "smiley", "{port}", "http://127.0.0.1:{upstream}",
               skip=MANY)


def spring(work):
    maven("package", pom="spring/pom.xml")
    route = "--spring.cloud.gateway.server.webflux.routes[0]."
    return jvm("spring", 9094, os.path.join(BUILD, "spring"), "SpringGateway", "--server.address=127.0.0.1", "--server.port={port}",
               route + "id=up", route + "uri=http://127.0.0.1:{upstream}", route + "predicates[0]=Path=/**")


def portkey(work):
    need("npm", "it fetches Portkey")
    folder = os.path.join(BUILD, "portkey")
    package = os.path.join(folder, "node_modules", "@portkey-ai", "gateway")
    if not os.path.isdir(package):
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, PORTKEY], check=True)
    # With Node 20 each of its streams is a 500, "TypeError: immutable"; with the provider anthropic it has no responses.
    return {"name": "portkey", "port": 9095, "inside": "JSON", "chat": True, "streams": False,
            "skip": ["g6-responses", "items2k", "ladder100", "ladder1000", "ladder5000", "abort", "stall32"],
            "headers": ["x-portkey-provider: anthropic", "x-portkey-custom-host: http://127.0.0.1:{upstream}/v1", f"x-api-key: {KEY}"],
            "cmd": ["node", os.path.join(package, "build", "start-server.js"), "--headless", "--port={port}"]}


PORTKEY = "@portkey-ai/gateway@1.15.2"
PEERS = {f.__name__: f for f in (nginx, haproxy, asyncproxy, smiley, spring, portkey)}
