package dev.warder.frontends;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** Odd framing through the three front ends, in the gate through one; those that are not installed are skipped, with their name. */
@Tag("turn-4")
class RawStreamsIT {
    @Nested
    class NginxBeforeJetty extends RawStreamsContract implements Pair.OnNginx, Pair.BeforeJetty {}

    @Nested
    @Tag("turn-only")
    class NginxBeforeTomcat extends RawStreamsContract implements Pair.OnNginx {}

    @Nested
    @Tag("turn-only")
    class HaproxyBeforeJetty extends RawStreamsContract implements Pair.OnHaproxy, Pair.BeforeJetty {}

    @Nested
    @Tag("turn-only")
    class HaproxyBeforeTomcat extends RawStreamsContract implements Pair.OnHaproxy {}

    @Nested
    @Tag("turn-only")
    class ApacheBeforeJetty extends RawStreamsContract implements Pair.OnApache, Pair.BeforeJetty {}

    @Nested
    @Tag("turn-only")
    class ApacheBeforeTomcat extends RawStreamsContract implements Pair.OnApache {}
}
