package dev.warder.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.admin.Endpoint.Found;
import dev.warder.admin.Endpoint.Kind;
import dev.warder.admin.page.PageTarget;
import dev.warder.http.Call;
import dev.warder.http.Form;
import dev.warder.http.RequestTarget;
import dev.warder.http.Route;
import dev.warder.policy.PolicyName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    private static Found find(String method, String path) {
        var call = new Call("", method, new RequestTarget(path, Optional.empty()), Route.of(path));
        return Found.in(AdminEndpoints.ALL, call);
    }

    /** A canonical path has {@code @ : = * + /} as they are or escaped, and brackets escaped only. */
    @ParameterizedTest
    @CsvSource({
        "/admin/api/clients/ada@example.com, /admin/api/clients/{name*}, ada@example.com",
        "/admin/api/clients/ada%40example.com, /admin/api/clients/{name*}, ada@example.com",
        "/admin/api/tags/cost:a=b, /admin/api/tags/{name*}, cost:a=b",
        "/admin/api/tags/cost%3Aa%3Db, /admin/api/tags/{name*}, cost:a=b",
        "/admin/api/models/vendor/claude-*, /admin/api/models/{name*}, vendor/claude-*",
        "/admin/api/models/claude+x, /admin/api/models/{name*}, claude+x",
        "/admin/api/models/claude-opus-5%5B1m%5D, /admin/api/models/{name*}, claude-opus-5[1m]",
        "/admin/teams/blue, /admin/teams/{name*}, blue",
        "/admin/tokens/abcdefgh, /admin/tokens/{id*}, abcdefgh",
        "/admin/credentials/main/login, /admin/credentials/{name}/login, main",
        "/admin/panels/cost.csv, /admin/panels/{panel}.csv, cost",
        "/v1/organizations/workspaces/a%2Bb/rate_limits, /v1/organizations/workspaces/{id}/rate_limits, a+b"
    })
    void aVariableIsThatOfThePathWithoutEscapes(String path, String pattern, String variable) {
        for (var method : List.of("GET", "POST", "DELETE")) {
            var found = find(method, path);
            assertThat(found.variable()).isEqualTo(variable);
            assertThat(found.endpoint().map(Endpoint::path)).isIn(Optional.of(pattern), Optional.empty());
            assertThat(found.endpoint().isEmpty()).isNotEqualTo(found.allowed().contains(method));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/admin/client",
                "/admin/clients/",
                "/admin/new/",
                "/admin/new/organization",
                "/admin/import",
                "/admin/organization/x",
                "/admin/api",
                "/admin/api/clients/",
                "/admin/api/organization/x",
                "/admin/api/client",
                "/admin/api/limits",
                "/admin/pageXcss",
                "/admin/credentials/a/b/login",
                "/v1/organizations/spend_limits/a/b",
                "/v1/organizations/spend_limits/",
                "/me/"
            })
    void nothingIsAtAnotherPath(String path) {
        assertThat(find("GET", path).endpoint()).isEmpty();
        assertThat(find("GET", path).allowed()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/admin/drain, POST",
        "/admin/clients, GET HEAD POST",
        "/admin/tokens, GET HEAD",
        "/admin/api/clients, GET POST",
        "/admin/api/organization, DELETE GET PATCH PUT",
        "/admin/api/ledger, GET",
        "/v1/organizations/spend_limits/audit, GET",
        "/v1/organizations/spend_limits/spl_1, DELETE GET",
        "/me, GET HEAD POST"
    })
    void anotherMethodIsRefusedWithThoseOfThePath(String path, String allowed) {
        var found = find("OPTIONS", path);
        assertThat(found.endpoint()).isEmpty();
        assertThat(String.join(" ", found.allowed())).isEqualTo(allowed);
    }

    /** Each name has a link that leads to it, also those that a path cannot have. */
    @Test
    void theLinkToAnObjectLeadsToIt() {
        for (var name : List.of(
                "ada",
                "a.b",
                "ada.",
                "linus@example.com",
                "project:x=1",
                "claude-opus*",
                "eu/claude",
                "a//b",
                "../x",
                "a%2Fb",
                "a?b#c",
                "a\\b",
                "a;b",
                "\u00e4",
                "a b",
                "</script>",
                "%")) {
            String reference =
                    PageTarget.of(new PolicyName(PolicyName.Kind.MODEL, name)).reference();
            int query = reference.indexOf('?');
            var found = find("GET", "/admin/" + (query < 0 ? reference : reference.substring(0, query)));
            assertThat(found.kind()).isEqualTo(Kind.PAGE);
            String named = query < 0
                    ? found.variable()
                    : Form.parse(reference.substring(query + 1)).orElseThrow().value(PageTarget.NAME);
            assertThat(named).isEqualTo(name);
        }
    }
}
