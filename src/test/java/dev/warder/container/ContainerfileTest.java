package dev.warder.container;

import static org.assertj.core.api.Assertions.assertThat;

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
}
