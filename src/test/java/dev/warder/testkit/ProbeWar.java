package dev.warder.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A tiny WAR for the tests of the kit itself. */
final class ProbeWar {
    private static final String WEB_XML =
            """
            <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0" metadata-complete="true">
              <absolute-ordering/>
              <listener><listener-class>dev.warder.testkit.ProbeListener</listener-class></listener>
              <servlet><servlet-name>probe</servlet-name><servlet-class>dev.warder.testkit.ProbeServlet</servlet-class></servlet>
              <servlet-mapping><servlet-name>probe</servlet-name><url-pattern>/probe/*</url-pattern></servlet-mapping>
              <env-entry><env-entry-name>warder/unset</env-entry-name><env-entry-type>java.lang.String</env-entry-type></env-entry>
            </web-app>
            """;

    private ProbeWar() {}

    /** Writes {@code warder.war} into the folder. */
    static Path write(Path folder) throws IOException {
        var file = folder.resolve("warder.war");
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            add(zip, "WEB-INF/web.xml", WEB_XML.getBytes(StandardCharsets.UTF_8));
            for (var type : List.of(ProbeServlet.class, ProbeListener.class, ProbeListener.Gauge.class)) {
                add(zip, "WEB-INF/classes/" + path(type), bytes(type));
            }
        }
        return file;
    }

    private static String path(Class<?> type) {
        return type.getName().replace('.', '/') + ".class";
    }

    private static byte[] bytes(Class<?> type) throws IOException {
        try (var in = ClassLoader.getSystemResourceAsStream(path(type))) {
            if (in == null) {
                throw new IOException("no class file of " + type);
            }
            return in.readAllBytes();
        }
    }

    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
        zip.closeEntry();
    }
}
