package dev.warder.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Runs in the virtual machine of the unit tests, where the watch is off, so that what is planted here fails nothing. */
class SecretWatchTest {
    @Test
    void findsPlantedSecretsInErrorsAndInErrorEvents() throws Exception {
        SecretWatch.plant("short", "planted-in-an-error", "planted-in-an-event");
        try (var upstream = ScriptedUpstream.plain()) {
            upstream.next((request, reply) -> reply.json(500, Messages.error("api_error", "planted-in-an-error")));
            upstream.next(Script.events(Messages.event("error", Messages.error("api_error", "planted-in-an-event"))));
            upstream.next((request, reply) -> reply.json(400, Messages.error("api_error", "short")));
            RawClient.exchange(upstream.uri(), RawRequest.of("GET", "/"));
            try (var client = RawClient.connect(upstream.uri())) {
                client.send(RawRequest.of("GET", "/")).readHead();
                client.readEvent();
            }
            RawClient.exchange(upstream.uri(), RawRequest.of("GET", "/"));
        }
        assertThat(SecretWatch.leaks())
                .anyMatch(leak -> leak.endsWith(" as it is in an answer 500"))
                .anyMatch(leak -> leak.endsWith(" as it is in an error event"))
                .noneMatch(leak -> leak.contains("400") || leak.contains("planted"));
    }
}
