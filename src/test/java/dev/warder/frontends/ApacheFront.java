package dev.warder.frontends;

import org.junit.jupiter.api.Nested;

class ApacheFront {
    @Nested
    class Alone extends FrontContract implements Pair.OnApache {}

    @Nested
    class DrainBeforeJetty extends DrainContract implements Pair.OnApache, Pair.BeforeJetty {}

    @Nested
    class DrainBeforeTomcat extends DrainContract implements Pair.OnApache {}

    @Nested
    class ExchangeBeforeJetty extends ExchangeContract implements Pair.OnApache, Pair.BeforeJetty {}

    @Nested
    class ExchangeBeforeTomcat extends ExchangeContract implements Pair.OnApache {}

    @Nested
    class Files extends FilesContract implements Pair.OnApache {}
}
