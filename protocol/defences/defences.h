// SPDX-License-Identifier: Apache-2.0
//
// The eight slots of a suite. Each slot is an abstract class, each choice at a slot a stateless
// object that lives as long as the program; a suite is a row of choices (protocol/suites.h). A slot
// owns its part of the messages: it parses and writes its fields, so no codec asks for the suite.
//
// clang-format off
//   slot           | as_posted       | hardened        | what a choice decides
//   ---------------+-----------------+-----------------+------------------------------------------
//   key_exchange   | plain_dh        | spake2plus      | how both sides come to a secret
//   freshness      | none            | epoch           | what makes a run unlike every earlier one
//   key_schedule   | raw_hash        | hkdf_transcript | how keys are made from the secret
//   protection     | encrypt_and_mac | aead            | how a payload is sealed and opened
//   group_policy   | take_any        | named           | which groups and shares are good enough
//   session_policy | several         | single          | how many sessions, for how long
//   attempt_limit  | unlimited       | limited         | how many guesses
//   entropy_gate   | none            | sp800_90b       | when randomness is good enough to use
// clang-format on
#pragma once

#include "protocol/defences/attempt_limit.h"
#include "protocol/defences/entropy_gate.h"
#include "protocol/defences/freshness.h"
#include "protocol/defences/group_policy.h"
#include "protocol/defences/key_exchange.h"
#include "protocol/defences/key_schedule.h"
#include "protocol/defences/protection.h"
#include "protocol/defences/session_policy.h"
