// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <iostream>

#include "attacks/cli/backend_table.h"
#include "attacks/cli/commands.h"
#include "attacks/live/device_host.h"
#include "attacks/live/files.h"
#include "attacks/live/provisioning.h"
#include "attacks/live/setup_client.h"
#include "protocol/setup/device.h"

namespace wib::attacks {
namespace {

std::string at(const Error& error) {
  std::string text(error.where);
  if (error.offset != Error::no_offset) text += " at character " + std::to_string(error.offset + 1);
  return text;
}

struct DeviceArguments {
  std::string listen;
  std::string tls_listen;
  std::string store;
  std::string serial;
  std::string suite = "as_posted";
  std::string backend = "openssl";
  bool press = false;
};

int device(const DeviceArguments& arguments) {
  const auto suite = parse_suites(arguments.suite);
  if (!suite) return usage_error(suite.error());
  const auto backend = parse_backend(arguments.backend);
  if (!backend) return usage_error(backend.error());
  const auto listen = parse_address(arguments.listen);
  if (!listen) return usage_error("--listen " + listen.error().message);
  const auto tls_listen = parse_address(arguments.tls_listen);
  if (!tls_listen) return usage_error("--tls-listen " + tls_listen.error().message);
  const auto run = run_device({.listen = *listen,
                               .tls_listen = *tls_listen,
                               .store = arguments.store,
                               .serial = arguments.serial,
                               .suite = suite->front(),
                               .backend = *backend,
                               .press = arguments.press},
                              std::cout);
  if (!run) return usage_error(run.error().message);
  return exit_as_expected;
}

struct SetupArguments {
  std::string url;
  std::string serial;
  std::string code;
  std::string label;
  std::string certificate;
  std::string key;
  std::string suite = "as_posted";
  std::string backend = "openssl";
};

int setup(const SetupArguments& arguments) {
  const auto suite = parse_suites(arguments.suite);
  if (!suite) return usage_error(suite.error());
  const auto backend = parse_backend(arguments.backend);
  if (!backend) return usage_error(backend.error());
  std::string serial = arguments.serial;
  std::optional<SetupCode> code;
  if (!arguments.label.empty()) {
    const auto label = parse_label(arguments.label);
    if (!label) return usage_error("--label: " + at(label.error()));
    serial = label->serial;
    code = label->code;
  } else if (serial.empty()) {
    return usage_error("--serial or --label is required");
  }
  if (!arguments.code.empty()) {
    const auto parsed = parse_setup_code(arguments.code);
    if (!parsed) return usage_error("--code: " + at(parsed.error()));
    code = *parsed;
  }
  const auto run = run_setup({.url = arguments.url,
                              .serial = serial,
                              .code = code,
                              .certificate = arguments.certificate,
                              .private_key = arguments.key,
                              .suite = suite->front(),
                              .backend = *backend},
                             std::cout);
  if (!run) return usage_error(run.error().message);
  return *run == SetupOutcome::completed ? exit_as_expected : exit_not_as_expected;
}

struct LabelArguments {
  std::string serial;
  std::string code;
  std::string store;
  std::string iterations = std::to_string(default_iterations);
  std::string backend = "openssl";
};

// What a factory does: a code of its own for each device, its verifier into the device, the label
// on its back.
int label(const LabelArguments& arguments) {
  const auto backend = parse_backend(arguments.backend);
  if (!backend) return usage_error(backend.error());
  const auto iterations =
      parse_number("--iterations", arguments.iterations, min_iterations, max_iterations);
  if (!iterations) return usage_error(iterations.error());
  if (arguments.serial.empty() || arguments.serial.size() > max_serial_size) {
    return usage_error("--serial: a serial number has 1 to 64 characters");
  }
  SystemRandom random;
  auto code = arguments.code.empty() ? make_setup_code(random) : parse_setup_code(arguments.code);
  if (!code) return usage_error("--code: " + at(code.error()));
  const Label made{arguments.serial, std::move(*code)};
  if (!arguments.store.empty()) {
    const auto stored = store_verifier({.store = arguments.store,
                                        .label = made,
                                        .iterations = static_cast<std::uint32_t>(*iterations),
                                        .crypto = (*backend)->crypto()});
    if (!stored) return usage_error(stored.error().message);
  }
  print_label(made, std::cout, ::isatty(STDOUT_FILENO) == 1);
  return exit_as_expected;
}

int list_backends(bool json) {
  if (json) {
    print_backends_json(std::cout);
  } else {
    print_backends(std::cout);
  }
  return exit_as_expected;
}

}  // namespace

void add_live_commands(CLI::App& app, Action& action) {
  auto device_arguments = std::make_shared<DeviceArguments>();
  CLI::App* device_command =
      app.add_subcommand("device",
                         "Run the reference device: plain HTTP while its button's window "
                         "is open, TLS once it is set up");
  device_command->add_option("--listen", device_arguments->listen, "HTTP address, HOST:PORT")
      ->required();
  device_command->add_option("--tls-listen", device_arguments->tls_listen, "TLS address, HOST:PORT")
      ->required();
  device_command
      ->add_option("--store", device_arguments->store,
                   "Directory that survives a restart; made if it is not there")
      ->required();
  device_command->add_option("--serial", device_arguments->serial, "The serial number on its back")
      ->required();
  device_command
      ->add_option("--suite", device_arguments->suite,
                   "One of: " + suite_names() + ", or NAME+SLOT=CHOICE,...")
      ->capture_default_str();
  device_command->add_option("--backend", device_arguments->backend, "One of: " + backend_names())
      ->capture_default_str();
  device_command->add_flag(
      "--press", device_arguments->press,
      "Press the button at the start; later: kill -USR1 PID, a long press: -USR2");
  device_command->footer(
      "Example:\n  wib device --listen 127.0.0.1:8080 --tls-listen 127.0.0.1:8443 \\\n"
      "    --store /tmp/wib-device --serial WIB-42 --press\n"
      "SIGINT or SIGTERM ends it. Port 0 lets the system choose; the lines on stdout say which.");
  device_command->callback([&action, device_arguments] {
    action = [device_arguments] { return device(*device_arguments); };
  });

  auto setup_arguments = std::make_shared<SetupArguments>();
  CLI::App* setup_command =
      app.add_subcommand("setup", "Set a device up: give it its certificate and key");
  setup_command->add_option("url", setup_arguments->url, "Where it listens: http://HOST:PORT")
      ->required();
  CLI::Option* const serial = setup_command->add_option("--serial", setup_arguments->serial,
                                                        "The serial number on its back");
  setup_command->add_option("--code", setup_arguments->code,
                            "The setup code on its back, where the suite takes one");
  setup_command
      ->add_option("--label", setup_arguments->label,
                   "What the QR code on its back says, for both: \"WIB:S:...;C:...;;\"")
      ->excludes(serial);
  setup_command->add_option("--cert", setup_arguments->certificate, "Certificate, PEM or DER")
      ->required();
  setup_command
      ->add_option("--key", setup_arguments->key, "Its private key, unencrypted PKCS#8, PEM or DER")
      ->required();
  setup_command
      ->add_option("--suite", setup_arguments->suite,
                   "One of: " + suite_names() + ", or NAME+SLOT=CHOICE,...")
      ->capture_default_str();
  setup_command->add_option("--backend", setup_arguments->backend, "One of: " + backend_names())
      ->capture_default_str();
  setup_command->footer(
      "Example:\n  wib setup http://127.0.0.1:8080 --serial WIB-42 --cert device.crt --key "
      "device.key\nExit: 0 set up, 1 refused, 2 could not be tried.");
  setup_command->callback([&action, setup_arguments] {
    action = [setup_arguments] { return setup(*setup_arguments); };
  });

  auto label_arguments = std::make_shared<LabelArguments>();
  CLI::App* label_command =
      app.add_subcommand("label", "Make a setup code and print the device's label, with a QR code");
  label_command->add_option("--serial", label_arguments->serial, "The device's serial number")
      ->required();
  label_command->add_option("--code", label_arguments->code,
                            "This setup code, and not one that is drawn: XXXXX-XXXXX-C");
  label_command->add_option("--store", label_arguments->store,
                            "The device's directory: its verifier of the code is put there");
  label_command
      ->add_option("--iterations", label_arguments->iterations,
                   "PBKDF2's, with --store: what each guess costs whoever steals the verifier")
      ->capture_default_str();
  label_command->add_option("--backend", label_arguments->backend, "One of: " + backend_names())
      ->capture_default_str();
  label_command->footer(
      "Example:\n  wib label --serial WIB-42 --store /tmp/wib-device\n"
      "What it prints is the device's secret. It is shown once and written nowhere.");
  label_command->callback([&action, label_arguments] {
    action = [label_arguments] { return label(*label_arguments); };
  });

  CLI::App* backends_command =
      app.add_subcommand("backends", "What each crypto backend in this binary has");
  auto as_json = std::make_shared<bool>(false);
  backends_command->add_flag("--json", *as_json, "For programs");
  backends_command->callback(
      [&action, as_json] { action = [as_json] { return list_backends(*as_json); }; });
}

}  // namespace wib::attacks
