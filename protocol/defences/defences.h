// SPDX-License-Identifier: Apache-2.0
//
// The eight slots of a suite. Each slot is an abstract class, each choice at a slot a stateless
// object that lives as long as the program; a suite is a row of choices (protocol/suites.h). A slot
// owns its part of the messages: it parses and writes its fields, so no codec asks for the suite.
//
//   slot            | as_posted            | what a choice decides
//   ----------------+----------------------+--------------------------------------------------------
//   key_exchange    | plain_dh             | how both sides come to a shared secret, and prove it
//   freshness       | none                 | what makes a run unlike every earlier run
//   key_schedule    | raw_hash             | how keys are made from the secret and the transcript
//   protection      | aes_cbc_ / aes_ctr_  | how a payload is sealed and opened
//                   | encrypt_and_mac      |
//   group_policy    | take_any             | which groups and shares are good enough
//   session_policy  | several              | how many sessions, for how long
//   attempt_limit   | unlimited            | how many guesses
//   entropy_gate    | open                 | when randomness is good enough to use
#pragma once

#include "protocol/defences/attempt_limit.h"
#include "protocol/defences/entropy_gate.h"
#include "protocol/defences/freshness.h"
#include "protocol/defences/group_policy.h"
#include "protocol/defences/key_exchange.h"
#include "protocol/defences/key_schedule.h"
#include "protocol/defences/protection.h"
#include "protocol/defences/session_policy.h"
