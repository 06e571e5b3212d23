def test_a_visitor_can_use_the_front_page(someone):
    visitor = someone()
    visitor.opens("/")
    visitor.is_on("POEMS syndrome: clear answers, each with its sources")
    visitor.finds_it_accessible()
    visitor.keeps_a_picture("home-visitor")
