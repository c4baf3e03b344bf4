package dev.warder.frontends;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A kind of front end: how its files of {@code conf/} become a running process. Thread-safe. */
public interface FrontEnd {
    /** What it is called in reports. */
    String name();

    /** The name of its program, which is also that of the Debian package. */
    String program();

    /** Whether its program is on this machine. */
    default boolean installed() {
        return find(program()).isPresent();
    }

    /** Whether it has lines for client certificates to this server; every one has those for none. */
    default boolean offers(String server) {
        return true;
    }

    /**
     * Writes its files and answers the processes to start: the front end in the foreground, then what accompanies it.
     */
    List<ProcessBuilder> prepare(Site site) throws IOException;

    /** The front end's own check of the files that {@link #prepare} wrote. */
    ProcessBuilder check(Site site);

    /** Whether this JVM may do what a service's first process may. */
    static boolean root() {
        return System.getProperty("user.name").equals("root");
    }

    /** The path of its program; an {@link AssertionError} that says what to install when there is none. */
    default String path() {
        return find(program())
                .orElseThrow(() -> new AssertionError(
                        "the profile frontends needs " + program() + ": apt-get install " + program()))
                .toString();
    }

    /** A program by its name, where it is installed. */
    static Optional<Path> find(String name) {
        return Stream.concat(Stream.of(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/sbin"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * nginx with {@code conf/nginx}, and the script beside it that asks the nodes whether they are ready.
     *
     * @param second whether another server is the default one of the port, and accepts all names of fields
     */
    record NginxFrontEnd(boolean second) implements FrontEnd {
        /** The only server. */
        public NginxFrontEnd() {
            this(false);
        }

        @Override
        public String name() {
            return "nginx";
        }

        @Override
        public String program() {
            return "nginx";
        }

        @Override
        public List<ProcessBuilder> prepare(Site site) throws IOException {
            site.conf("nginx/warder-nodes.conf").write(site.folder().resolve("nodes.conf"));
            site.withCertificates(Site.ConfText.of("nginx/warder.conf"), "/etc/ssl/warder/clients.pem")
                    .fill("listen 443 ", "listen " + site.listen() + " ")
                    .fill("/etc/nginx/warder-nodes.conf", site.file("nodes.conf"))
                    .fill("/etc/ssl/warder/chain.pem", site.pem().chain().toString())
                    .fill("/etc/ssl/warder/key.pem", site.pem().key().toString())
                    .write(site.folder().resolve("warder.conf"));
            new Site.ConfText(main(site)).write(site.folder().resolve("nginx.conf"));
            var nginx = command(site);
            var script = new ProcessBuilder(
                    "sh", Site.ConfText.path("nginx/warder-nodes.sh").toString());
            script.environment()
                    .putAll(Map.of(
                            "WARDER_NODES",
                            site.file("nodes.conf"),
                            "WARDER_RELOAD",
                            String.join(" ", nginx) + " -s reload"));
            return List.of(new ProcessBuilder(nginx), script);
        }

        @Override
        public ProcessBuilder check(Site site) {
            var command = new ArrayList<>(command(site));
            command.add("-t");
            return new ProcessBuilder(command);
        }

        private List<String> command(Site site) {
            return List.of(path(), "-c", site.file("nginx.conf"), "-e", "stderr");
        }

        /** What a distribution's own nginx.conf says around a file of conf.d. */
        private String main(Site site) {
            return (FrontEnd.root() ? "user root;\n" : "")
                    + """
                    daemon off;
                    worker_processes 2;
                    pid %1$s/nginx.pid;
                    error_log stderr warn;
                    events { worker_connections 1024; }
                    http {
                        access_log off;
                        client_body_temp_path %1$s/body;
                        proxy_temp_path %1$s/proxy;
                        fastcgi_temp_path %1$s/fastcgi;
                        uwsgi_temp_path %1$s/uwsgi;
                        scgi_temp_path %1$s/scgi;
                        %2$s
                        include %1$s/warder.conf;
                    }
                    """
                            .formatted(site.folder(), second ? other(site) : "");
        }

        /** It asks for the certificates of clients, because nginx lets it decide that for clients which do not name a server. */
        private static String other(Site site) {
            return """
                    server {
                        listen %1$s ssl http2 default_server;
                        ssl_certificate %2$s;
                        ssl_certificate_key %3$s;
                        ssl_client_certificate %2$s;
                        ssl_verify_client optional;
                        underscores_in_headers on;
                        return 421;
                    }
                    """
                    .formatted(site.listen(), site.pem().chain(), site.pem().key());
        }
    }

    /** Apache httpd with {@code conf/apache}, the event MPM, and exactly the modules that its README names. */
    record ApacheFrontEnd() implements FrontEnd {
        private static final String README_LINE = "a2enmod ";

        @Override
        public String name() {
            return "Apache";
        }

        @Override
        public String program() {
            return "apache2";
        }

        /** It cannot remove Liberty's fields by their prefix. */
        @Override
        public boolean offers(String server) {
            return !server.equals("liberty");
        }

        @Override
        public List<ProcessBuilder> prepare(Site site) throws IOException {
            site.withCertificates(site.conf("apache/warder.conf"), "/etc/ssl/warder/clients.pem")
                    .fill("<VirtualHost *:443>", "<VirtualHost " + site.listen() + ">")
                    .fill("/etc/ssl/warder/chain.pem", site.pem().chain().toString())
                    .fill("/etc/ssl/warder/key.pem", site.pem().key().toString())
                    .write(site.folder().resolve("warder.conf"));
            new Site.ConfText(main(site)).write(site.folder().resolve("apache2.conf"));
            return List.of(new ProcessBuilder(path(), "-f", site.file("apache2.conf"), "-D", "FOREGROUND"));
        }

        @Override
        public ProcessBuilder check(Site site) {
            return new ProcessBuilder(path(), "-f", site.file("apache2.conf"), "-t");
        }

        /** What a distribution's own apache2.conf says around a site. */
        private static String main(Site site) {
            return Stream.concat(Stream.of("mpm_event", "authz_core"), modules())
                            .map(name ->
                                    "LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so\n".formatted(name, name))
                            .collect(Collectors.joining())
                    + (FrontEnd.root() ? "User nobody\nGroup nogroup\n" : "")
                    + """
                    ServerName localhost
                    ServerRoot %1$s
                    DefaultRuntimeDir %1$s
                    PidFile %1$s/apache.pid
                    DocumentRoot %1$s
                    ErrorLog /dev/stderr
                    LogLevel warn
                    Listen %2$s
                    Include %1$s/warder.conf
                    """
                            .formatted(site.folder(), site.listen());
        }

        private static Stream<String> modules() {
            var line = Site.ConfText.of("apache/README.md")
                    .text()
                    .lines()
                    .filter(text -> text.contains(README_LINE))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("the README names no modules"));
            return Stream.of(line.substring(line.indexOf(README_LINE) + README_LINE.length())
                    .strip()
                    .split(" "));
        }
    }

    /** HAProxy with {@code conf/haproxy}. */
    record HaproxyFrontEnd() implements FrontEnd {
        @Override
        public String name() {
            return "HAProxy";
        }

        @Override
        public String program() {
            return "haproxy";
        }

        @Override
        public List<ProcessBuilder> prepare(Site site) throws IOException {
            var conf = site.withCertificates(site.conf("haproxy/haproxy.cfg"), "/etc/haproxy/clients.pem")
                    .fill("bind :443 ", "bind " + site.listen() + " ")
                    .fill("abns@warder", "abns@warder-" + site.port())
                    .fill("/etc/haproxy/warder.pem", site.pem().both().toString());
            if (!FrontEnd.root()) {
                conf = conf.fill("    chroot /var/lib/haproxy\n    user haproxy\n    group haproxy\n", "");
            }
            conf.write(site.folder().resolve("haproxy.cfg"));
            return List.of(new ProcessBuilder(path(), "-db", "-f", site.file("haproxy.cfg")));
        }

        @Override
        public ProcessBuilder check(Site site) {
            return new ProcessBuilder(path(), "-c", "-f", site.file("haproxy.cfg"));
        }
    }
}
