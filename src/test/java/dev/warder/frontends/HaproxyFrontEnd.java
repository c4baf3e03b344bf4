package dev.warder.frontends;

import java.io.IOException;
import java.util.List;

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
        var conf = site.conf("haproxy/haproxy.cfg")
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
