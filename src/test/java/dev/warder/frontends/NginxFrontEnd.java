package dev.warder.frontends;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** nginx with {@code conf/nginx}, and the script beside it that asks the nodes whether they are ready. */
record NginxFrontEnd() implements FrontEnd {
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
        ConfText.of("nginx/warder.conf")
                .fill("listen 443 ", "listen " + site.listen() + " ")
                .fill("/etc/nginx/warder-nodes.conf", site.file("nodes.conf"))
                .fill("/etc/ssl/warder/chain.pem", site.pem().chain().toString())
                .fill("/etc/ssl/warder/key.pem", site.pem().key().toString())
                .write(site.folder().resolve("warder.conf"));
        new ConfText(main(site)).write(site.folder().resolve("nginx.conf"));
        var nginx = command(site);
        var script =
                new ProcessBuilder("sh", ConfText.path("nginx/warder-nodes.sh").toString());
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
    private static String main(Site site) {
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
                    include %1$s/warder.conf;
                }
                """
                        .formatted(site.folder());
    }
}
