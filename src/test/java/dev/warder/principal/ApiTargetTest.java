package dev.warder.principal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.PolicyKind;
import dev.warder.policy.PolicyName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiTargetTest {
    /** A canonical path has {@code @ : = * + /} as they are or escaped, and brackets escaped only. */
    @ParameterizedTest
    @CsvSource({
        "clients/ada@example.com,CLIENT,ada@example.com",
        "clients/ada%40example.com,CLIENT,ada@example.com",
        "tags/cost:a=b,TAG,cost:a=b",
        "tags/cost%3Aa%3Db,TAG,cost:a=b",
        "models/vendor/claude-*,MODEL,vendor/claude-*",
        "models/claude+x,MODEL,claude+x",
        "models/claude-opus-5%5B1m%5D,MODEL,claude-opus-5[1m]",
    })
    void aNameIsThatOfThePathWithoutEscapes(String path, PolicyKind kind, String name) {
        assertThat(ApiTarget.of(ApiTarget.FOLDER + path)).contains(new ApiTarget.OneObject(new PolicyName(kind, name)));
    }

    @Test
    void nothingIsAtAPathWithoutAName() {
        assertThat(ApiTarget.of("/admin/api/clients/")).isEmpty();
        assertThat(ApiTarget.of("/admin/api/organization/x")).isEmpty();
        assertThat(ApiTarget.of("/admin/api/client")).isEmpty();
    }
}
