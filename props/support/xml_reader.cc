// SPDX-License-Identifier: Apache-2.0
#include "props/support/xml_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wib::props {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

void check_page(const std::string& html) {
  const XmlReader page(html);
  std::multiset<std::string> ids;
  for (const std::string& id : page.values("id")) ids.insert(id);
  for (const std::string& id : ids) EXPECT_EQ(ids.count(id), 1U) << id;
  for (const std::string& link : page.values("href")) {
    const bool inside = link.starts_with("#");
    EXPECT_TRUE(inside || link.starts_with("./")) << link;
    if (inside) {
      EXPECT_EQ(ids.count(link.substr(1)), 1U) << link;
    }
  }
  for (const XmlReader::Attribute& attribute : page.attributes()) {
    EXPECT_THAT(attribute.name, Not(StartsWith("on"))) << attribute.element;
    for (const char* name : {"src", "srcset", "action", "style", "xlink:href"}) {
      EXPECT_NE(attribute.name, name);
    }
    for (const char* element : {"script", "iframe", "object", "embed", "link", "img", "form"}) {
      EXPECT_NE(attribute.element, element);
    }
  }
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("url(")));
  EXPECT_THAT(html, Not(HasSubstr("@import")));
}

}  // namespace wib::props
