from playwright.sync_api import expect


def test_a_visitor_can_use_the_front_page(someone):
    visitor = someone()
    visitor.opens("/")
    visitor.is_on("POEMS syndrome: clear answers, each with its sources")
    visitor.finds_it_accessible()
    visitor.keeps_a_picture("home-visitor")


def test_the_menus_fold_on_a_phone_and_open_by_keyboard(someone):
    visitor = someone(phone=True)
    visitor.opens("/community/")
    menu = visitor.page.get_by_role("navigation", name="Main")
    expect(menu).to_be_hidden()
    visitor.tabs_to("Menu")
    visitor.hits("Enter")
    expect(menu).to_be_visible()
    visitor.finds_it_accessible()
    visitor.hits("Escape")
    expect(menu).to_be_hidden()
    visitor.tabs_to("In the community")
    visitor.hits("Enter")
    visitor.tabs_to("Stories")
    visitor.finds_it_accessible()
    visitor.hits("Enter")
    visitor.is_on("Stories")
