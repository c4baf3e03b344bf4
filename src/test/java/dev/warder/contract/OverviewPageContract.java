package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warder.testkit.Chromium;
import dev.warder.testkit.Container;
import dev.warder.testkit.Messages;
import java.net.URI;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The page of administrators in a Chromium that runs scripts. */
@Tag("turn-8")
@Tag("turn-only")
class OverviewPageContract extends GroundContract {
    private static final String OPEN = "document.querySelector('#live .facts b').textContent";

    @Test
    void showsAStreamWhileItRuns() throws Exception {
        assumeTrue(Chromium.installed(), "skipped: needs the program " + Chromium.PROGRAM);
        var container = administered();
        var goesOn = latch();
        upstream.next((request, reply) -> {
            request.body();
            reply.eventStream();
            reply.chunk(Messages.start());
            reply.await(goesOn);
            reply.chunk(Messages.end());
            reply.lastChunk();
        });
        try (var browser = Chromium.startWithScripts();
                var client = connect(container)) {
            signIn(browser, container);
            assertThat(browser.evaluate(OPEN)).isEqualTo("0");
            // A page that is loaded again would lose these.
            browser.evaluate("window.same = true; document.getElementById('tokens-table').open = true;"
                    + "document.getElementById('live-csv').focus(); 'done'");
            var head = client.send(
                            authenticated(container, "POST", "/v1/messages").json(DeployedContract.STREAMING))
                    .readHead();
            assertThat(client.readEvent().orElseThrow().name()).isEqualTo("message_start");
            browser.awaitValue(OPEN, "1");
            goesOn.countDown();
            client.readBody(head);
            browser.awaitValue(OPEN, "0");
            browser.awaitValue("document.querySelector('#tokens .facts b').textContent", "8");
            assertThat(browser.evaluate("String(window.same && document.getElementById('tokens-table').open)"
                            + " + document.activeElement.id"))
                    .isEqualTo("truelive-csv");
            assertQuiet(browser);
        } finally {
            goesOn.countDown();
        }
    }

    @Test
    void asksForTheTokenAgainWhenTheSessionHasEnded() throws Exception {
        assumeTrue(Chromium.installed(), "skipped: needs the program " + Chromium.PROGRAM);
        var container = administered();
        try (var browser = Chromium.startWithScripts()) {
            signIn(browser, container);
            browser.clearCookies();
            browser.await("button", "Sign in");
            browser.awaitFocus("textbox", "Administrator's token (admin.token)");
            browser.type(ADMIN_TOKEN + "x");
            browser.press(Chromium.Key.ENTER);
            browser.await("alert", "");
            browser.awaitFocus("textbox", "Administrator's token (admin.token)");
            browser.type(ADMIN_TOKEN);
            browser.press(Chromium.Key.ENTER);
            browser.await("heading", "Open now");
            assertQuiet(browser);
        }
    }

    private static void signIn(Chromium browser, Container container) throws Exception {
        browser.open(URI.create(container.baseUri() + "/admin/"));
        browser.awaitFocus("textbox", "Administrator's token (admin.token)");
        browser.type(ADMIN_TOKEN);
        browser.press(Chromium.Key.ENTER);
        browser.await("heading", "Open now");
        browser.awaitValue("String(document.getElementById('refresh').parentNode.hidden)", "false");
    }

    /** The browser reports the status of pages with the sign-in form as it does any status above 399. */
    private static void assertQuiet(Chromium browser) {
        assertThat(browser.complaints())
                .allSatisfy(complaint -> assertThat(complaint).contains("the server responded with a status of 401"));
        assertThat(browser.requests()).isNotEmpty().allSatisfy(address -> assertThat(address.getHost())
                .isEqualTo("127.0.0.1"));
    }
}
