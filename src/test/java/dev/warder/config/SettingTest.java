package dev.warder.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SettingTest {
    @ParameterizedTest
    @EnumSource
    void isFoundByItsNameAndHasOneLineOfHelp(Setting setting) {
        assertThat(Setting.find(setting.publicName())).contains(setting);
        assertThat(setting.help()).isNotBlank().doesNotContain("\n");
    }

    @Test
    void hasTheNamesThatAreBuiltAndNoOther() {
        assertThat(Setting.find("openai.model")).isEmpty();
        assertThat(Setting.UPSTREAM_URL.defaultText()).contains("https://api.anthropic.com");
        assertThat(Setting.CLIENTS_TOKEN.defaultText()).isEmpty();
    }
}
