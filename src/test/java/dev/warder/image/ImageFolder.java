package dev.warder.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A folder in the place of the image's own, with what the Containerfile copies.
 *
 * @param tomcat where the image has Tomcat
 */
record ImageFolder(Path tomcat) {
    private static final List<String> WRITABLE = List.of("temp", "work");

    /** Copies the files and makes the writable folders; Tomcat will listen on this port of 127.0.0.1. */
    void layOut(int port) throws IOException {
        for (var copy : Containerfile.shipped().copies()) {
            for (var source : copy.sources()) {
                var from = source.equals("target/warder.war")
                        ? Path.of(System.getProperty("warder.war", "target/warder.war"))
                        : Containerfile.conf().resolveSibling(source);
                var to = destination(copy.destination(), from);
                Files.createDirectories(to.getParent());
                Files.copy(from, to);
            }
        }
        for (var writable : WRITABLE) {
            Files.createDirectory(tomcat.resolve(writable));
        }
        var server = tomcat.resolve("conf/server.xml");
        var text = Files.readString(server);
        assertThat(text).contains("port=\"8080\"");
        Files.writeString(server, text.replace("port=\"8080\"", "address=\"127.0.0.1\" port=\"" + port + "\""));
    }

    private Path destination(String named, Path from) {
        var below = tomcat.resolve(named.substring(Containerfile.TOMCAT.length() + 1));
        return named.endsWith("/") ? below.resolve(from.getFileName()) : below;
    }

    /** Every file outside the writable folders, with its time. */
    Map<String, String> files() throws IOException {
        var found = new TreeMap<String, String>();
        try (var paths = Files.walk(tomcat)) {
            for (var path : paths.toList()) {
                var below = tomcat.relativize(path);
                if (WRITABLE.stream().noneMatch(below::startsWith)
                        && !below.toString().isEmpty()) {
                    found.put(below.toString(), Files.getLastModifiedTime(path) + " " + Files.isDirectory(path));
                }
            }
        }
        return found;
    }
}
