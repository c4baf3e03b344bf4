package dev.warder.frontends;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    @Override
    public List<ProcessBuilder> prepare(Site site) throws IOException {
        site.conf("apache/warder.conf")
                .fill("<VirtualHost *:443>", "<VirtualHost " + site.listen() + ">")
                .fill("/etc/ssl/warder/chain.pem", site.pem().chain().toString())
                .fill("/etc/ssl/warder/key.pem", site.pem().key().toString())
                .write(site.folder().resolve("warder.conf"));
        new ConfText(main(site)).write(site.folder().resolve("apache2.conf"));
        return List.of(new ProcessBuilder(path(), "-f", site.file("apache2.conf"), "-D", "FOREGROUND"));
    }

    @Override
    public ProcessBuilder check(Site site) {
        return new ProcessBuilder(path(), "-f", site.file("apache2.conf"), "-t");
    }

    /** What a distribution's own apache2.conf says around a site. */
    private static String main(Site site) {
        return Stream.concat(Stream.of("mpm_event", "authz_core"), modules())
                        .map(name -> "LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so\n".formatted(name, name))
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
        var line = ConfText.of("apache/README.md")
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
