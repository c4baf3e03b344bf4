package dev.warder.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ChromiumIT {
    private static final String PAGE = "<!DOCTYPE html><title>Styled</title><style>p{color:red}</style>"
            + "<img src=http://127.0.0.2:1/x><button aria-label=Go></button>";

    /** Tests that find no complaint and no foreign request rely on it. */
    @Test
    void reportsViolationsOfThePolicyAndForeignRequests() throws Exception {
        assumeTrue(Chromium.installed(), "skipped: needs the program " + Chromium.PROGRAM);
        try (var site = ScriptedUpstream.plain();
                var browser = Chromium.start()) {
            site.script((request, reply) -> {
                var html = PAGE.getBytes(StandardCharsets.UTF_8);
                reply.field("Content-Security-Policy", "style-src 'none'")
                        .field("Content-Type", "text/html")
                        .length(html.length);
                reply.content(html);
            });
            browser.open(site.uri());
            assertThat(browser.await("button", "Go")).contains(new Chromium.Element("RootWebArea", "Styled", true));
            assertThat(browser.complaints())
                    .anyMatch(complaint -> complaint.contains("ContentSecurityPolicyIssue"))
                    .anyMatch(complaint -> complaint.contains("style-src"));
            assertThat(browser.requests()).anyMatch(address -> address.getHost().equals("127.0.0.2"));
        }
    }
}
