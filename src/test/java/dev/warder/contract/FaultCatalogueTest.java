package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The catalogue of faults that concern this program, each with the named case that covers it: an {@link UpstreamFault},
 * {@link ClientFault} or {@link TlsFault}, or a method of another test. Fails when a case is renamed or removed.
 */
class FaultCatalogueTest {
    private static final String CATALOGUE =
            """
            upstream: connection refused              | UnreachableUpstreamContract.answers502WhereTheConnectionIsRefused
            upstream: SYN dropped                     | UnreachableUpstreamContract.answers504WhereTheConnectionTakesTooLong
            upstream: accepts and stalls              | UpstreamFault.STALL_BEFORE_THE_HEAD
            upstream: accepts slowly                  | TlsFaultContract.waitsForAnUpstreamThatAcceptsSlowly
            upstream: resets before the request       | TlsFault.RESET_BEFORE_THE_HANDSHAKE
            upstream: resets after the request        | UpstreamFault.RESET_AFTER_THE_REQUEST
            upstream: closes after the request        | UpstreamFault.CLOSE_AFTER_THE_REQUEST
            upstream: closes inside the head          | UpstreamFault.CLOSE_INSIDE_THE_HEAD
            upstream: resets inside the head          | UpstreamFault.RESET_INSIDE_THE_HEAD
            upstream: stalls inside the head          | UpstreamFault.STALL_INSIDE_THE_HEAD
            upstream: drips its head                  | UpstreamFault.DRIPPING_HEAD_WITHOUT_END
            upstream: early response                  | EarlyAnswerContract.relaysAnAnswerThatComesBeforeTheUploadWasRead
            upstream: 100 Continue never comes        | FieldsContract.dropsWhatConcernsOneHopOrTellsWhereTheClientIs
            upstream: 103 first                       | EarlyAnswerContract.passesOverInterimAnswers
            upstream: flood of 1xx                    | UpstreamFault.TEN_THOUSAND_INTERIM_HEADS
            upstream: 1xx without end                 | UpstreamFault.INTERIM_HEADS_WITHOUT_END
            upstream: 101 not asked for               | UpstreamFault.PROTOCOL_SWITCH_THAT_WAS_NOT_ASKED_FOR
            upstream: bad status line                 | UpstreamFault.STATUS_MISSING
            upstream: status out of range             | UpstreamFault.STATUS_BEYOND_599
            upstream: HTTP/1.0 and close              | UpstreamFault.HTTP_1_0_ENDED_BY_CLOSING
            upstream: Content-Length one too small    | UpstreamFault.LENGTH_ONE_TOO_SMALL
            upstream: Content-Length one too large    | UpstreamFault.LENGTH_ONE_TOO_LARGE
            upstream: Content-Length huge             | UpstreamFault.LENGTH_OF_A_TEBIBYTE
            upstream: two lengths                     | UpstreamFault.TWO_LENGTHS
            upstream: length and chunks               | UpstreamFault.LENGTH_AND_CHUNKS
            upstream: bad chunk size                  | UpstreamFault.CHUNK_SIZE_IS_NO_NUMBER
            upstream: last chunk missing              | UpstreamFault.LAST_CHUNK_MISSING
            upstream: trailers with secrets           | AnswerContract.relaysNeitherInterimAnswersNorTrailersNorTheReason
            upstream: trailers without end            | UpstreamFault.TRAILER_FIELDS_WITHOUT_END
            upstream: gzip garbage                    | UpstreamFault.GZIP_GARBAGE
            upstream: brotli labelled gzip            | UpstreamFault.BROTLI_LABELLED_GZIP
            upstream: coded stream cut                | StreamEndContract.leavesACodedStreamVisiblyTruncated
            upstream: head of 64 MiB                  | UpstreamFault.FIELD_LINE_OF_64_MIB
            upstream: 10,000 fields                   | UpstreamFault.TEN_THOUSAND_FIELDS
            upstream: NUL in a field                  | UpstreamFault.NUL_IN_A_FIELD
            upstream: CR in a field                   | UpstreamFault.CR_IN_A_FIELD
            upstream: HTML with status 200            | UpstreamFault.HTML_WITH_STATUS_200
            upstream: empty with status 200           | UpstreamFault.EMPTY_WITH_STATUS_200
            upstream: JSON cut                        | UpstreamFault.JSON_CUT_BUT_WHOLE_BY_LENGTH
            upstream: body cut by a reset             | UpstreamFault.RESET_INSIDE_THE_BODY
            upstream: dies between head and body      | UpstreamFault.CLOSE_BEFORE_THE_BODY
            upstream: event stream cut                | StreamEndContract.endsAStreamThatBreaksWithOneErrorEvent
            upstream: event stream falls silent       | TimeoutContract.endsAStreamThatFellSilentWithATimeoutError
            upstream: stalls inside the body          | UpstreamFault.STALL_INSIDE_THE_BODY
            upstream: error event first               | FailoverContract.takesTheNextCredentialWhereAStreamBeginsWithAnError
            upstream: error event in the middle       | StreamEndContract.passesAnErrorEventInACleanlyEndedStream
            upstream: 429 with each retry-after       | FailoverContract.takesTheNextCredentialWhateverTheRetryAfter
            upstream: 429 with an absurd retry-after  | UpstreamFault.ABSURD_RETRY_AFTER
            upstream: 403, 413, 500, 529              | AnswerContract.passesAnErrorByteForByte
            upstream: 401 for a managed credential    | OwnCredentialContract.neverPasses401ForAManagedCredential
            upstream: redirect                        | AnswerContract.followsNoRedirectAndPassesNone
            upstream: redirect to metadata            | UpstreamFault.REDIRECT_TO_THE_METADATA_ADDRESS
            upstream: a byte at a time                | UpstreamFault.DRIP_OF_SINGLE_BYTES
            upstream: split anywhere                  | StreamContract.passesStreamsThatAreCutAnywhere
            upstream: response twice                  | UpstreamFault.RESPONSE_TWICE
            upstream: corrupt bytes after a response  | UpstreamFault.RESPONSE_FOLLOWED_BY_GARBAGE
            upstream: burst                           | BackPressureContract.holdsTheUpstreamWhileAClientDoesNotReadForAMinute
            upstream: stale pooled connection         | EarlyAnswerContract.doesNotUseAConnectionThatTheUpstreamClosedMeanwhile
            upstream: GOAWAY                          | Http2RefusalContract.sendsElsewhereWhatAConnectionThatGoesAwayDidNotStart
            upstream: HTTP/2 reset                    | Http2RefusalContract.sendsNoRequestAgainThatMayHaveBeenStartedOn
            upstream: HTTP/2 window of 0              | Http2MessageContract.holdsAClientWhoseBodyTheUpstreamDoesNotTake
            upstream: TLS alert                       | TlsFault.ALERT_INSTEAD_OF_A_HANDSHAKE
            upstream: certificate changed             | TlsFaultContract.sendsNothingOnceTheCertificateChanges
            upstream: truncated below TLS             | TlsFaultContract.showsThatABodyWasTruncatedBelowTls
            upstream: name resolves elsewhere         | dev.warder.upstream.HostAddressesTest.waitsForNewAddressesWhenTheKnownOnesAreTooOld
            upstream: name resolves to nothing        | dev.warder.upstream.HostAddressesTest.goesOnWithTheLastKnownOnesWhenALookUpFails
            client: resets before the body            | ClientFault.RESETS_BEFORE_ITS_FIRST_BYTE
            client: resets inside the body            | ClientFault.RESETS_INSIDE_THE_BODY
            client: resets inside an upload           | ClientLossContract.closesTheUpstreamOfALostUploadAtOnce
            client: resets inside a stream            | ClientLossContract.leavesNothingBehindThreeHundredClientsThatAbort
            client: half-closes                       | ClientFault.HALF_CLOSES_AFTER_THE_REQUEST
            client: reads slowly                      | BackPressureContract.givesUpAClientThatTakesNothing
            client: drips                             | ClientFault.DRIPS_ITS_REQUEST
            client: pipelines                         | FramingContract.answersPipelinedRequestsInTheirOrder
            client: Expect                            | RefusedBodyContract.asksNobodyForABodyThatIsRefused
            client: length and chunks                 | FramingContract.neverBelievesALengthBesideChunks
            client: bad chunks                        | FramingContract.refusesBrokenChunks
            client: 10,000 fields                     | ClientFault.SENDS_TEN_THOUSAND_FIELDS
            store: database down at start             | DatabaseContract.staysReadyWithoutADatabaseThatItDoesNotNeed
            store: lost while working                 | dev.warder.oauth.store.JdbcStoreContract.undoesNothingOfOthersWhenItsConnectionDies
            store: back again                         | dev.warder.oauth.store.JdbcStoreContract.worksOnceTheDatabaseIsBack
            store: takes a connection, says nothing   | dev.warder.oauth.store.LimitedSourceTest.givesUpADatabaseThatTakesTheConnectionAndSaysNothing
            store: slow statement                     | dev.warder.oauth.store.LimitedSourceTest.givesUpAStatementThatIsNotAnswered
            store: cannot be written                  | dev.warder.oauth.store.FileTroubleTest.beginsNoWorkWhereItsOutcomeCouldNotBeWritten
            store: corrupt file                       | dev.warder.oauth.store.FileTokenStoreTest.leavesACorruptFileAsItIs
            identity: token endpoint 400 and 500      | dev.warder.oauth.TokenEndpointTest.tellsWhatLastsFromWhatPasses
            identity: token endpoint slow             | dev.warder.oauth.TokenEndpointTest.waitsForAWholeAnswerAsLongAsItMay
            identity: rotated refresh token lost      | dev.warder.oauth.TokenSourceTest.usesANewTokenOnlyOnceItIsStoredAndLosesNone
            container: undeploy with open streams     | LifeCycleContract.endsOpenStreamsWithOneErrorWhenUndeployed
            container: redeploy                       | LifeCycleContract.leavesNoThreadBehindFiveDeployments
            container: JNDI entry of the wrong type   | DatabaseContract.refusesToStartWithSomethingElseInItsPlace
            container: two versions at once           | dev.warder.servers.ParallelVersions.newRequestsMeetTheSecondWhileAStreamOfTheFirstGoesOn
            """;

    static Stream<List<String>> faults() {
        return CATALOGUE
                .lines()
                .map(line -> Stream.of(line.split("\\|")).map(String::strip).toList());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void hasACaseFor(List<String> fault) throws ClassNotFoundException {
        var place = fault.get(1);
        int dot = place.lastIndexOf('.');
        var name = place.substring(0, dot);
        var type = Class.forName(name.contains(".") ? name : "dev.warder.contract." + name);
        var member = place.substring(dot + 1);
        var names = type.isEnum()
                ? Stream.of(type.getEnumConstants()).map(constant -> ((Enum<?>) constant).name())
                : Stream.of(type.getDeclaredMethods()).map(java.lang.reflect.Method::getName);
        assertThat(names).as(fault.get(0)).contains(member);
    }
}
