package dev.warder.frontends;

import org.junit.jupiter.api.Nested;

class HaproxyFront {
    @Nested
    class Alone extends FrontContract implements Pair.OnHaproxy {}

    @Nested
    class DrainBeforeJetty extends DrainContract implements Pair.OnHaproxy, Pair.BeforeJetty {}

    @Nested
    class DrainBeforeTomcat extends DrainContract implements Pair.OnHaproxy {}

    @Nested
    class ExchangeBeforeJetty extends ExchangeContract implements Pair.OnHaproxy, Pair.BeforeJetty {}

    @Nested
    class ExchangeBeforeTomcat extends ExchangeContract implements Pair.OnHaproxy {}

    @Nested
    class Files extends FilesContract implements Pair.OnHaproxy {}
}
