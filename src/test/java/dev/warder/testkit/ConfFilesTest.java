package dev.warder.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfFilesTest {
    private static final String ENVIRONMENT_OPTION = "-Dorg.apache.tomcat.util.digester.PROPERTY_SOURCE="
            + "org.apache.tomcat.util.digester.EnvironmentPropertySource";

    @ParameterizedTest
    @CsvSource({"jetty", "tomcat"})
    void takeValuesFromTheEnvironmentAndHaveDefaults(String container, @TempDir Path folder) throws Exception {
        var seen = probe(container, folder, Map.of("WARDER_UPSTREAM_KEY", "from-environment"));
        assertThat(seen).containsExactly("found https://api.anthropic.com", "found from-environment", "found ");
    }

    @Test
    void switchTheEnvironmentOnByTheOptionThatTheTestUses() throws Exception {
        var script = Files.readString(ConfFiles.file("tomcat").resolveSibling("setenv.sh"));
        assertThat(script).contains(ENVIRONMENT_OPTION);
    }

    private List<String> probe(String container, Path folder, Map<String, String> environment) throws Exception {
        var output = folder.resolve("output");
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ENVIRONMENT_OPTION));
        command.addAll(List.of(ConfProbe.class.getName(), container));
        command.add(ProbeWar.write(folder).toString());
        var builder = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(folder.resolve("errors").toFile());
        builder.environment().putAll(environment);
        var process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(() -> read(folder.resolve("errors"))).isZero();
        return Files.readAllLines(output);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
