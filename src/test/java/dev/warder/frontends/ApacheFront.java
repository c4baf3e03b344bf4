package dev.warder.frontends;

import dev.warder.testkit.JettyContainer;
import dev.warder.testkit.TomcatContainer;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Nested;

class ApacheFront {
    private static final FrontEnd APACHE = new ApacheFrontEnd();
    private static final Set<OddRequest> BEFORE_TOMCAT =
            EnumSet.of(OddRequest.LENGTH_AND_CHUNKS, OddRequest.FOLDED_FIELD, OddRequest.OTHER_HOST_IN_TARGET);
    private static final Set<OddRequest> BEFORE_JETTY = EnumSet.of(
            OddRequest.LENGTH_AND_CHUNKS,
            OddRequest.FOLDED_FIELD,
            OddRequest.OTHER_HOST_IN_TARGET,
            OddRequest.RAW_QUERY);

    @Nested
    class Address extends AddressContract {
        Address() {
            super(APACHE);
        }
    }

    @Nested
    class DrainBeforeJetty extends DrainContract {
        DrainBeforeJetty() {
            super(APACHE, JettyContainer::start);
        }
    }

    @Nested
    class DrainBeforeTomcat extends DrainContract {
        DrainBeforeTomcat() {
            super(APACHE, TomcatContainer::start);
        }
    }

    @Nested
    class ExchangeBeforeJetty extends ExchangeContract {
        ExchangeBeforeJetty() {
            super(APACHE, JettyContainer::start);
        }
    }

    @Nested
    class ExchangeBeforeTomcat extends ExchangeContract {
        ExchangeBeforeTomcat() {
            super(APACHE, TomcatContainer::start);
        }
    }

    @Nested
    class Files extends FilesContract {
        Files() {
            super(APACHE);
        }
    }

    @Nested
    class FlowBeforeJetty extends FlowContract {
        FlowBeforeJetty() {
            super(APACHE, JettyContainer::start);
        }
    }

    @Nested
    class FlowBeforeTomcat extends FlowContract {
        FlowBeforeTomcat() {
            super(APACHE, TomcatContainer::start);
        }
    }

    @Nested
    class HygieneBeforeJetty extends HygieneContract {
        HygieneBeforeJetty() {
            super(APACHE, JettyContainer::start, BEFORE_JETTY);
        }
    }

    @Nested
    class HygieneBeforeTomcat extends HygieneContract {
        HygieneBeforeTomcat() {
            super(APACHE, TomcatContainer::start, BEFORE_TOMCAT);
        }
    }

    @Nested
    class Retry extends RetryContract {
        Retry() {
            super(APACHE);
        }
    }
}
