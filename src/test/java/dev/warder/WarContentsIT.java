package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What lies in the built WAR, so that another library is a decision: what a servlet container loads, and apart from it
 * what only {@code java -jar} does.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WarContentsIT {
    private static final String LIBRARIES = "WEB-INF/lib/";
    private static final String LAUNCHER = "WEB-INF/launcher/";
    private static final String CLASSES = "WEB-INF/classes/";
    private static final String TEMPLATES = "gg/jte/generated/precompiled/";

    private ZipFile war;

    @BeforeAll
    void open() throws IOException {
        war = new ZipFile(
                Path.of(System.getProperty("warder.war", "target/warder.war")).toFile());
    }

    @AfterAll
    void close() throws IOException {
        war.close();
    }

    /**
     * Pins each library by its content, so that another file under the same name fails the build. After a change of
     * versions unzip the WAR, run {@code sha256sum WEB-INF/lib/*.jar WEB-INF/launcher/*.jar} without
     * {@code warder-standalone.jar}, which this build makes, and compare each line with the publisher's checksum.
     */
    @Test
    void holdsTheLibrariesWhoseHashesAreCheckedIn() throws Exception {
        assertThat(hashesOf(LIBRARIES, LAUNCHER)).isEqualTo(checkedInHashes());
    }

    /** The plugin that writes it is skipped by {@code mvn -o}: build without that option. */
    @Test
    void listsExactlyItsLibrariesInItsBillOfMaterials() throws Exception {
        JsonObject sbom;
        try (var reader = Json.createReader(open("META-INF/sbom/warder.cdx.json"))) {
            sbom = reader.readObject();
        }
        assertThat(sbom.getString("bomFormat")).isEqualTo("CycloneDX");
        assertThat(sbom.getJsonObject("metadata").getJsonObject("component").getString("name"))
                .isEqualTo("warder");
        var listed = new TreeMap<String, String>();
        for (var component : sbom.getJsonArray("components").getValuesAs(JsonObject.class)) {
            assertThat(component.getString("purl")).startsWith("pkg:maven/" + component.getString("group") + "/");
            assertThat(component.getJsonArray("licenses")).as("%s", component).isNotEmpty();
            listed.put(component.getString("name") + "-" + component.getString("version") + ".jar", sha256(component));
        }
        var held = new TreeMap<String, String>();
        checkedInHashes().forEach((path, hash) -> held.put(path.substring(path.lastIndexOf('/') + 1), hash));
        assertThat(listed).isEqualTo(held);
    }

    @Test
    void showsAServletContainerNoServerAndNoApiOfItsOwn() {
        assertThat(classesOf(LIBRARIES))
                .isNotEmpty()
                .noneMatch(name -> name.startsWith("org/eclipse/jetty/") || name.startsWith("jakarta/servlet/"))
                .noneMatch(name -> name.startsWith("dev/warder/"));
        assertThat(names(CLASSES))
                .isNotEmpty()
                .allMatch(name -> name.startsWith("dev/warder/") || name.startsWith(TEMPLATES))
                .noneMatch(WarContentsIT::isStandaloneOnly);
    }

    /** Only their classes: the build deletes the sources that it makes. */
    @Test
    void holdsAClassForEachTemplate() throws IOException {
        try (var templates = Files.list(Path.of("src/main/jte"))) {
            var classes = templates.map(
                    file -> TEMPLATES + "Jte" + file.getFileName().toString().replace(".jte", "Generated.class"));
            assertThat(names(CLASSES).stream().filter(name -> name.startsWith(TEMPLATES) && !name.contains("$")))
                    .containsExactlyInAnyOrderElementsOf(classes.toList());
        }
    }

    @Test
    void loadsNoClassFromTwoPlaces() {
        var launcher = classesOf(LAUNCHER);
        assertThat(launcher).isNotEmpty().doesNotContainAnyElementsOf(classesOf(LIBRARIES));
        assertThat(launcher).doesNotContainAnyElementsOf(names(CLASSES));
        assertThat(launcher.stream().filter(name -> name.startsWith("dev/warder/")))
                .allMatch(WarContentsIT::isStandaloneOnly)
                .contains(
                        "dev/warder/cli/CommandLine.class",
                        "dev/warder/standalone/DemoUpstream.class",
                        "dev/warder/standalone/Standalone.class");
    }

    private static boolean isStandaloneOnly(String name) {
        return Stream.of("cli", "standalone").anyMatch(part -> name.startsWith("dev/warder/" + part + "/"));
    }

    /** Whatever else a server wants said, its operator says beside the WAR: on WildFly by an overlay, for example. */
    @Test
    void holdsTheOneDescriptorThatAServerNeedsBesideWebXml() throws IOException {
        assertThat(names("WEB-INF/").stream().filter(name -> name.endsWith(".xml") || name.endsWith(".xmi")))
                .containsExactlyInAnyOrder("web.xml", "jboss-deployment-structure.xml");
        try (var file = open("WEB-INF/jboss-deployment-structure.xml")) {
            assertThat(new String(file.readAllBytes(), StandardCharsets.UTF_8)).contains("<module name=\"jdk.net\"/>");
        }
    }

    @Test
    void holdsAtItsRootTheEntryPointAlone() {
        assertThat(names("").stream().filter(name -> !name.startsWith("META-INF/") && !name.startsWith("WEB-INF/")))
                .contains("launch/Main.class")
                .allMatch(name -> name.startsWith("launch/"));
    }

    private static String sha256(JsonObject component) {
        return component.getJsonArray("hashes").getValuesAs(JsonObject.class).stream()
                .filter(hash -> hash.getString("alg").equals("SHA-256"))
                .map(hash -> hash.getString("content"))
                .findFirst()
                .orElse("none");
    }

    /** By path in the WAR; without the jar of Warder's own classes. */
    private Map<String, String> hashesOf(String... folders) throws IOException, NoSuchAlgorithmException {
        var hashes = new TreeMap<String, String>();
        for (var folder : folders) {
            for (var name : names(folder)) {
                try (var jar = open(folder + name)) {
                    var digest = MessageDigest.getInstance("SHA-256").digest(jar.readAllBytes());
                    hashes.put(folder + name, HexFormat.of().formatHex(digest));
                }
            }
        }
        hashes.remove(LAUNCHER + "warder-standalone.jar");
        return hashes;
    }

    private static Map<String, String> checkedInHashes() throws IOException {
        var hashes = new TreeMap<String, String>();
        try (var list = WarContentsIT.class.getResourceAsStream("libraries.sha256")) {
            for (var line : new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                var fields = line.split("  ");
                hashes.put(fields[1], fields[0]);
            }
        }
        return hashes;
    }

    private Set<String> classesOf(String folder) {
        var classes = new TreeSet<String>();
        for (var name : names(folder)) {
            try (var jar = new ZipInputStream(open(folder + name))) {
                for (var entry = jar.getNextEntry(); entry != null; entry = jar.getNextEntry()) {
                    classes.add(entry.getName());
                }
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
        classes.removeIf(name -> !name.endsWith(".class") || name.endsWith("module-info.class"));
        return classes;
    }

    private InputStream open(String name) throws IOException {
        var entry = war.getEntry(name);
        assertThat(entry).as(name).isNotNull();
        return war.getInputStream(entry);
    }

    /** What lies below a folder, without the folder's own name. */
    private List<String> names(String folder) {
        Stream<String> all = war.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName);
        return all.filter(name -> name.startsWith(folder))
                .map(name -> name.substring(folder.length()))
                .toList();
    }
}
