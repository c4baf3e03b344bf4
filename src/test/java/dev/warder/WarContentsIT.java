package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
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

    @Test
    void holdsTheseLibrariesForAServletContainer() {
        assertThat(libraries(LIBRARIES))
                .containsExactly(
                        "flyway-core",
                        "flyway-database-cockroachdb",
                        "flyway-database-postgresql",
                        "httpclient5",
                        "httpcore5",
                        "httpcore5-h2",
                        "jakarta.json-api",
                        "jakarta.json.bind-api",
                        "parsson",
                        "slf4j-api",
                        "slf4j-jdk14",
                        "yasson");
    }

    @Test
    void holdsTheseLibrariesForItsOwnServer() {
        assertThat(libraries(LAUNCHER))
                .containsExactly(
                        "jakarta.annotation-api",
                        "jakarta.enterprise.cdi-api",
                        "jakarta.enterprise.lang-model",
                        "jakarta.inject-api",
                        "jakarta.interceptor-api",
                        "jakarta.servlet-api",
                        "jakarta.transaction-api",
                        "jetty-ee-webapp",
                        "jetty-ee10-plus",
                        "jetty-ee10-servlet",
                        "jetty-ee10-webapp",
                        "jetty-http",
                        "jetty-io",
                        "jetty-jndi",
                        "jetty-plus",
                        "jetty-security",
                        "jetty-server",
                        "jetty-session",
                        "jetty-util",
                        "jetty-xml",
                        "warder-standalone");
    }

    @Test
    void showsAServletContainerNoServerAndNoApiOfItsOwn() {
        assertThat(classesOf(LIBRARIES))
                .isNotEmpty()
                .noneMatch(name -> name.startsWith("org/eclipse/jetty/") || name.startsWith("jakarta/servlet/"))
                .noneMatch(name -> name.startsWith("dev/warder/"));
        assertThat(names(CLASSES))
                .isNotEmpty()
                .allMatch(name -> name.startsWith("dev/warder/"))
                .noneMatch(name -> name.startsWith("dev/warder/standalone/"));
    }

    @Test
    void loadsNoClassFromTwoPlaces() {
        var launcher = classesOf(LAUNCHER);
        assertThat(launcher).isNotEmpty().doesNotContainAnyElementsOf(classesOf(LIBRARIES));
        assertThat(launcher).doesNotContainAnyElementsOf(names(CLASSES));
        assertThat(launcher.stream().filter(name -> name.startsWith("dev/warder/")))
                .allMatch(name -> name.startsWith("dev/warder/standalone/"));
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

    /** File names without version and ending. */
    private List<String> libraries(String folder) {
        return names(folder).stream()
                .map(name -> name.replaceFirst("(-\\d[^/]*)?\\.jar$", ""))
                .sorted()
                .toList();
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
