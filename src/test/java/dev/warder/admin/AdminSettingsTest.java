package dev.warder.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Sources;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdminSettingsTest {
    @Test
    void warnsOfAnAdminTokenThatAllClientsHave() {
        var sources = Sources.with("clients.token", "env:TOKEN").env("TOKEN", "t".repeat(16));
        assertThat(sources.set("admin.token", "env:TOKEN").warnings())
                .contains("admin.token: is the token of all clients: each of them can drain this node");
        assertThat(sources.env("OTHER", "o".repeat(32))
                        .set("admin.token", "env:OTHER")
                        .warnings())
                .noneMatch(warning -> warning.startsWith("admin.token"));
    }

    @Test
    void warnsOfAShortToken() {
        for (var setting : List.of("admin.token", "clients.token")) {
            var sources = new Sources().set(setting, "env:TOKEN");
            assertThat(sources.env("TOKEN", "o".repeat(31)).warnings())
                    .contains(setting + ": has fewer than 32 characters, which the next release refuses;"
                            + " make one with openssl rand -hex 32");
            assertThat(sources.env("TOKEN", "o".repeat(32)).warnings())
                    .noneMatch(warning -> warning.startsWith(setting));
        }
    }
}
