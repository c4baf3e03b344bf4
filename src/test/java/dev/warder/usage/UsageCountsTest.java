package dev.warder.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageCountsTest {
    /** Each class loader initializes the classes again. */
    @ParameterizedTest
    @ValueSource(strings = {"CacheWrites", "UsageCounts"})
    void hasItsConstantWhicheverClassIsInitializedFirst(String first) throws Exception {
        var classes = new URL[] {
            UsageCounts.class.getProtectionDomain().getCodeSource().getLocation()
        };
        try (var loader = new URLClassLoader(classes, null)) {
            Class.forName("dev.warder.usage." + first, true, loader);
            var counts = Class.forName("dev.warder.usage.UsageCounts", true, loader);
            assertThat(counts.getField("NONE").get(null))
                    .asString()
                    .contains("input=0", "writes=CacheWrites[fiveMinutes=0, oneHour=0]");
        }
    }
}
