"""The gateways that the benchmark compares, as entries of bench.py's table, and what must be built before they start."""
import glob
import os
import re
import shutil
import subprocess
import sys

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


def maven(*args):
    """Runs the peers' pom, first with what is there and then with what Maven Central has."""
    need("mvn", "it fetches and builds the peers")
    cmd = ["mvn", "-q", "-B", "-f", os.path.join(HERE, "pom.xml"), *args]
    if subprocess.run(cmd + ["-o"], capture_output=True).returncode and subprocess.run(cmd).returncode:
        fail("the peers could not be built")


def warder(path, heap="512m", more=()):
    return {"name": "warder", "port": 9082, "jvm": True, "chat": True, "headers": HEADERS,
            "env": {"BENCH_TOKEN": TOKEN, "BENCH_KEY": KEY},
            "cmd": [java(), f"-Xmx{heap}", *FLAGS, "-jar", path, "--port={port}",
                    "--upstream.url=http://127.0.0.1:{upstream}", "--clients.token=env:BENCH_TOKEN",
                    "--upstream.credentials=primary=env:BENCH_KEY", f"--prompt.text={PROMPT}",
                    f"--openai.models={MODELS}", *more]}


def standalone(path, work):
    """Warder by java -jar with nothing but a heap, and extracted: without its cache of classes, with it, and warmed up."""
    entry = warder(path)
    options = entry["cmd"][entry["cmd"].index(path) + 1:]
    folder = os.path.join(work, "extracted")
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([java(), "-jar", path, "extract", folder], check=True, stdout=subprocess.DEVNULL)
    script = os.path.join(folder, "warder.sh")
    subprocess.run([script, "train"], check=True)
    ways = (("warder-plain", [java(), "-Xmx512m", "-jar", path], {}),
            ("warder-sh", [script], {"WARDER_CACHE": ""}),
            ("warder-cache", [script], {}),
            ("warder-warm", [script, "--warm"], {}))
    return [{**entry, "name": name, "port": 9086 + i, "env": {**entry["env"], **env}, "cmd": [*command, *options]}
            for i, (name, command, env) in enumerate(ways)]


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
    skip = ["sse5000", "ladder5000"] if heap == "512m" else []
    tomcat_base(path, base, {"prompt.text": PROMPT, "openai.models": MODELS, **(settings or {})})
    source = "org.apache.tomcat.util.digester"
    return {"name": "warder-tomcat", "port": 9083, "jvm": True, "chat": True, "headers": HEADERS, "skip": skip,
            "env": {"CATALINA_BASE": base, "WARDER_UPSTREAM_URL": "http://127.0.0.1:{upstream}",
                    "WARDER_CLIENTS_TOKEN": TOKEN, "WARDER_UPSTREAM_KEY": KEY,
                    "CATALINA_OPTS": f"-Xmx{heap} {' '.join(FLAGS)} -Dbench.port={{port}} "
                                     f"-D{source}.PROPERTY_SOURCE={source}.EnvironmentPropertySource"},
            "cmd": ["sh", os.path.join(tomcat_home(), "bin", "catalina.sh"), "run"]}


def nginx(work):
    shutil.copy(os.path.join(HERE, "nginx.conf"), work)
    return {"name": "nginx", "port": 9081, "cmd": ["nginx", "-p", "{work}", "-c", "{table}/nginx.conf"]}


def peer(name, kind, port, skip=()):
    lib = os.path.join(BUILD, "lib", "*")
    return {"name": name, "port": port, "jvm": True, "skip": list(skip),
            "cmd": [java(), "-Xmx512m", *FLAGS, "-cp", os.path.join(BUILD, "classes") + ":" + lib, "dev.warder.bench.Peer",
                    kind, "{port}", "http://127.0.0.1:{upstream}"]}


def peers(smiley):
    maven("package")
    table = [peer("asyncproxy", "async", 9084)]
    # One blocked thread a stream: with 5,000 it measures its thread pool's queue only.
    return table + ([peer("smiley", "smiley", 9085, ("sse5000", "ladder5000"))] if smiley else [])
