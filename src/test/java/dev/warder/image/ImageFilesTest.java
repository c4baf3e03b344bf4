package dev.warder.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The Containerfile, and the files of Kubernetes for its image. */
class ImageFilesTest {
    private final Containerfile file = Containerfile.shipped();
    private final List<YamlNode> documents = YamlNode.all(Containerfile.text("kubernetes.yaml"));
    private final YamlNode deployment = documents.get(0);
    private final YamlNode pod = deployment.at("spec", "template", "spec");
    private final YamlNode container = pod.at("containers").only();

    @Test
    void namesTheOfficialImageWithoutARegistryHost() {
        assertThat(file.arguments("ARG")).singleElement().asString().matches("TOMCAT=tomcat:[a-z0-9.-]+");
        assertThat(file.arguments("FROM")).containsExactly("${TOMCAT}");
    }

    @Test
    void copiesFilesThatExist() {
        assertThat(file.copies())
                .flatExtracting(Containerfile.Copy::sources)
                .contains("target/warder.war")
                .filteredOn(source -> source.startsWith("conf/"))
                .isNotEmpty()
                .allSatisfy(source ->
                        assertThat(Containerfile.conf().resolveSibling(source)).isRegularFile());
    }

    @Test
    void runsAsANumberedUserThatIsNotRoot() {
        assertThat(file.arguments("USER")).singleElement().asString().matches("[1-9]\\d{4}:[1-9]\\d{4}");
    }

    @Test
    void holdsNoSecret() {
        assertThat(file.lines()).noneMatch(line -> line.matches("(?i).*(_KEY|TOKEN|PASSWORD)=.*"));
        assertThat(Containerfile.text("ROOT.xml")).contains("primary=file:").doesNotContain("value:");
    }

    /** Builders give folders that COPY makes the mode of the file, with which nobody could enter. */
    @Test
    void copiesIntoFoldersThatExist() {
        var tomcats = List.of("bin", "conf", "webapps").stream().map(name -> Containerfile.TOMCAT + "/" + name);
        var made = file.arguments("RUN").stream()
                .filter(command -> command.startsWith("mkdir -p "))
                .map(command -> command.substring("mkdir -p ".length()));
        var folders = Stream.concat(tomcats, made).toList();
        assertThat(file.copies())
                .extracting(copy ->
                        copy.destination().substring(0, copy.destination().lastIndexOf('/')))
                .allSatisfy(folder -> assertThat(folders).contains(folder));
    }

    /** The volume with the file that starts draining outlives the container. */
    @Test
    void doesNotStartDraining() {
        assertThat(file.arguments("CMD"))
                .containsExactly("[\"bash\", \"-c\", \"rm -f " + Containerfile.TOMCAT
                        + "/temp/drain && exec catalina.sh run\"]");
    }

    @Test
    void selectsThePodsThatItMakes() {
        var labels = deployment.at("spec", "template", "metadata", "labels");
        assertThat(documents)
                .extracting(document -> document.at("kind").text())
                .containsExactly("Deployment", "Service", "PodDisruptionBudget");
        assertThat(deployment.at("spec", "selector", "matchLabels")).isEqualTo(labels);
        assertThat(documents.get(1).at("spec", "selector")).isEqualTo(labels);
        assertThat(documents.get(2).at("spec", "selector", "matchLabels")).isEqualTo(labels);
    }

    @ParameterizedTest
    @CsvSource({"startupProbe, /health/live", "livenessProbe, /health/live", "readinessProbe, /health/ready"})
    void probesHealth(String probe, String path) {
        var get = container.at(probe, "httpGet");
        assertThat(get.at("path").text()).isEqualTo(path);
        assertThat(get.at("port").text())
                .isEqualTo(container.at("ports").only().at("name").text());
        assertThat(Containerfile.text("server.xml"))
                .contains("port=\""
                        + container.at("ports").only().at("containerPort").number() + "\"");
    }

    @Test
    void runsAsTheUserOfTheImageAndWritesOnlyToItsVolumes() {
        var user = file.arguments("USER").get(0);
        var context = pod.at("securityContext");
        assertThat(context.at("runAsUser").number() + ":"
                        + context.at("runAsGroup").number())
                .isEqualTo(user);
        assertThat(context.at("runAsNonRoot").yes()).isTrue();
        assertThat(container.at("securityContext", "readOnlyRootFilesystem").yes())
                .isTrue();
        assertThat(container.at("securityContext", "allowPrivilegeEscalation").yes())
                .isFalse();
        var writable = container.at("volumeMounts").list().stream()
                .filter(mount -> !mount.has("readOnly"))
                .map(mount -> '"' + mount.at("mountPath").text() + '"')
                .toList();
        assertThat(file.arguments("VOLUME")).containsExactly("[" + String.join(", ", writable) + "]");
    }

    @Test
    void mountsTheSecretWhereTheSettingsLookForIt() {
        var mount = container.at("volumeMounts").list().get(0);
        assertThat(Containerfile.text("ROOT.xml"))
                .contains("${WARDER_SECRETS:-" + mount.at("mountPath").text() + "}/key");
        assertThat(pod.at("volumes").list().get(0).at("name")).isEqualTo(mount.at("name"));
        assertThat(pod.at("volumes").list().get(0).at("secret", "defaultMode").number())
                .isEqualTo(0440);
    }

    /** What is run is in the image and makes the file that Warder looks for; nothing cuts the streams short. */
    @Test
    void drainsBeforeItStops() {
        var script =
                container.at("lifecycle", "preStop", "exec", "command").only().text();
        assertThat(file.copies())
                .filteredOn(copy -> copy.sources().contains("conf/container/drain.sh"))
                .singleElement()
                .satisfies(copy -> assertThat(copy.destination() + "drain.sh").isEqualTo(script));
        assertThat(file.arguments("COPY")).anyMatch(copy -> copy.startsWith("--chmod=0755 conf/container/drain.sh"));
        var text = Containerfile.text("drain.sh");
        assertThat(text).contains("\"$base/temp/drain\"", "{CATALINA_HOME:-" + Containerfile.TOMCAT + "}");
        assertThat(Containerfile.text("ROOT.xml")).contains("\"${catalina.base}/temp/drain\"");
        var streams = container.at("env").only();
        assertThat(streams.at("name").text()).isEqualTo("WARDER_DRAIN");
        int drain = Integer.parseInt(streams.at("value").text().replace("s", ""));
        assertThat(pod.at("terminationGracePeriodSeconds").number()).isGreaterThanOrEqualTo(drain + 30);
    }

    /** A part of a YAML document; asking for what is not there or of another kind fails the test. */
    private record YamlNode(Object value) {
        /** Every document of a file. */
        static List<YamlNode> all(String text) {
            var documents = new ArrayList<YamlNode>();
            for (var document : new Load(LoadSettings.builder().build()).loadAllFromString(text)) {
                documents.add(new YamlNode(document));
            }
            return documents;
        }

        /** The part below these keys. */
        YamlNode at(String... path) {
            var found = value;
            for (var key : path) {
                var next = found instanceof Map<?, ?> map ? map.get(key) : null;
                if (next == null) {
                    throw new AssertionError("there is no " + String.join(".", path));
                }
                found = next;
            }
            return new YamlNode(found);
        }

        /** Whether this is a map with the key. */
        boolean has(String key) {
            return value instanceof Map<?, ?> map && map.containsKey(key);
        }

        /** The members of a list. */
        List<YamlNode> list() {
            var members = new ArrayList<YamlNode>();
            for (var member : (List<?>) value) {
                members.add(new YamlNode(member));
            }
            return members;
        }

        /** The one member of a list. */
        YamlNode only() {
            if (list().size() != 1) {
                throw new AssertionError("not one alone: " + value);
            }
            return list().get(0);
        }

        String text() {
            return (String) value;
        }

        int number() {
            return (Integer) value;
        }

        boolean yes() {
            return (Boolean) value;
        }
    }
}
