package dev.warder.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ContainerfileTest {
    private final Containerfile file = Containerfile.shipped();

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
}
